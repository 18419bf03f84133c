"""Why something was refused or failed, and what is said beside a clip, in a person's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

import structlog

from bot.language.catalogue import Catalogue
from generation.directions.describe import NO, moves_of
from generation.directions.vocabulary import Move
from generation.errors import AnimationError, InvalidImage, UnsupportedOption, Unwelcome
from generation.events import Failed
from generation.facts import PLAIN, Facts
from generation.notes import Note

log = structlog.get_logger(__name__)

GENERAL = "general"
"""The sentence of a kind of error whose reason this version does not know."""


OF_SCENE = re.compile(r"scenes\[(?P<number>[0-9]+)\]\.(?P<name>.+)", re.ASCII | re.DOTALL)
"""What is wrong with one scene of a film, as the API names it."""


def refusal(catalogue: Catalogue, error: AnimationError) -> str:
    """People count scenes, and know an option of one by the same name as any other."""
    param = str(error.facts.get("param", ""))
    if isinstance(error, InvalidImage | UnsupportedOption | Unwelcome):
        param = error.param
    found = OF_SCENE.fullmatch(param)
    if found is None:
        return _said(catalogue, error.code, error.reason, error.facts)
    within = param.removesuffix(found["name"])
    facts = {
        one: told.removeprefix(within) if isinstance(told, str) else told
        for one, told in error.facts.items()
    }
    said = _said(catalogue, error.code, error.reason, facts)
    return in_scene(catalogue, int(found["number"]), said)


def failed(catalogue: Catalogue, failure: Failed) -> str:
    return _said(catalogue, failure.code, failure.reason, failure.facts)


def in_scene(catalogue: Catalogue, number: int, said: str) -> str:
    """What is said of one scene of a film."""
    return catalogue.say("options.in_scene", number=number, said=said)


def noted(catalogue: Catalogue, notes: Sequence[Note]) -> list[str]:
    return [note_said(catalogue, note) for note in notes]


def note_said(catalogue: Catalogue, note: Note) -> str:
    match note.code, note.facts:
        case "plain", {"text": str(text)}:
            return text
        case "camera", {"shots": tuple(shots)}:
            parts = [_shot(catalogue, shot) for shot in shots]
            return catalogue.say("notes.camera", shots=_joined(catalogue, "notes.join.then", parts))
        case "weather" | "light", {"effects": tuple(effects)}:
            return catalogue.say(f"notes.{note.code}", effects=_effects(catalogue, effects))
        case _:
            return catalogue.say(f"notes.{note.code}", **note.facts)


def _said(catalogue: Catalogue, code: str, reason: str, facts: Facts) -> str:
    if reason == PLAIN:
        return str(facts.get("text", ""))
    key = f"errors.{code}.{reason}"
    if key not in catalogue.keys:  # of an engine of another version, or its rows
        log.warning("reason_without_a_sentence", code=code, reason=reason)
        general = f"errors.{code}.{GENERAL}"
        key = general if general in catalogue.keys else f"errors.generation_failed.{GENERAL}"
    return catalogue.say(key, **facts)


def _effects(catalogue: Catalogue, effects: Sequence[str]) -> str:
    """What is ruled out stands behind what is wished: a "no" in a list reads as said of all."""
    names = {effect: catalogue.say(f"notes.effect.{effect}") for effect in effects}
    wished = [said for effect, said in names.items() if not effect.startswith(NO)]
    unwished = [said for effect, said in names.items() if effect.startswith(NO)]
    groups = [catalogue.listed(wished)] if wished else []
    if unwished:
        groups.append(_joined(catalogue, "notes.join.unwished", unwished))
    return _joined(catalogue, "notes.join.without", groups)


def _shot(catalogue: Catalogue, shot: str) -> str:
    return catalogue.listed([_move(catalogue, move) for move in moves_of(shot)])


def _move(catalogue: Catalogue, move: Move) -> str:
    motion = catalogue.say(f"notes.motion.{move.motion}")
    words = [word for word in (move.speed, move.degree) if word != "normal"]
    if not words:
        return motion
    said = [catalogue.say(f"notes.manner.{word}") for word in words]
    manner = _joined(catalogue, "notes.join.manners", said)
    return catalogue.say("notes.join.move", manner=manner, motion=motion)


def _joined(catalogue: Catalogue, key: str, parts: Sequence[str]) -> str:
    return reduce(lambda first, second: catalogue.say(key, first=first, second=second), parts)
