"""What can be chosen here: only what the engine that serves can do, in words beside numbers."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from discord.app_commands import Choice

from bot.language.catalogue import Catalogue
from bot.platforms.discord.translation import phrase
from bot.submission.options import LEAST_MOTION, MOST_MOTION
from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Capabilities
from generation.images.geometry import MAX_FRAMES, MIN_FRAMES

FIELDS = {
    "prompt": "prompt",
    "motion": "motion",
    "effect": "effect",
    "motion_strength": "motion_strength",
    "seconds": "seconds",
    "size": "size",
    "negative": "negative_prompt",
    "seed": "seed",
    "steps": "num_inference_steps",
    "guidance": "guidance_scale",
    "frames": "num_frames",
    "end_image": "end_image",
    "draft": "draft",
    "variations": "variations",
}
"""What they are called everywhere else."""

SIZES = {
    "auto": "auto",
    "wide": "736x416",
    "tall": "416x736",
    "square": "576x576",
    "large": "1280x704",
    "large_tall": "704x1280",
}
"""What the words mean: all but the large ones about as many pixels as a size left to us."""

LENGTHS = (3.0, 5.0, 7.0, 10.0)
"""Seconds that are offered, as far as the longest clip has them."""

MOST = 25
"""Choices that Discord shows."""


def offered(known: Capabilities) -> frozenset[StrEnum]:
    """The motions and effects that are not always refused."""
    return frozenset({Motion.AUTO, *known.motions, Effect.AUTO, Effect.NONE, *known.effects})


def kinds(
    english: Catalogue, name: str, every: type[StrEnum], known: Capabilities
) -> list[Choice[str]]:
    """Those of a list that can be chosen, in its order; with one there is nothing to choose."""
    return [
        Choice(name=phrase(english, f"directions.{name}.{one}"), value=one.value)
        for one in every
        if one in offered(known)
    ]


def degrees(english: Catalogue) -> list[Choice[int]]:
    """How much moves, in words."""
    return [
        Choice(name=phrase(english, f"discord.motion_strength.{degree}"), value=degree)
        for degree in range(LEAST_MOTION, MOST_MOTION + 1)
    ]


def sizes(typed: str, catalogue: Catalogue) -> list[Choice[str]]:
    """What is offered while somebody types a size; their own words are taken as they are."""
    words = [Choice(name=_size_name(catalogue, word), value=size) for word, size in SIZES.items()]
    return _found(typed, words, lambda: Choice(name=typed[:100], value=typed[:100]))


def size_of(typed: str, catalogue: Catalogue) -> str:
    """The size somebody means who typed a word instead of choosing it."""
    plain = typed.strip().casefold()
    for word, size in SIZES.items():
        if plain in (word.replace("_", " "), catalogue.say(f"discord.size.{word}").casefold()):
            return size
    return typed


def lengths(typed: str, fps: int, catalogue: Catalogue) -> list[Choice[float]]:
    """What is offered while somebody types a length: nothing that would be cut to another."""

    def choice(seconds: float) -> Choice[float]:
        return Choice(name=catalogue.say("chat.label.seconds", seconds=seconds), value=seconds)

    shortest, longest = MIN_FRAMES / fps, MAX_FRAMES / fps
    usual = [choice(one) for one in LENGTHS if one <= longest]
    try:
        exact = float(typed.replace(",", "."))
    except ValueError:
        return usual
    if not shortest <= exact <= longest:  # and the library makes nan of nothing
        return usual
    return [one for one in usual if one.value == exact] or [choice(exact)]


def _size_name(catalogue: Catalogue, word: str) -> str:
    said = catalogue.say(f"discord.size.{word}")
    return said if word == "auto" else f"{said} · {SIZES[word]}"


def _found(
    typed: str, choices: list[Choice[str]], own: Callable[[], Choice[str]]
) -> list[Choice[str]]:
    plain = typed.strip().casefold()
    if not plain or any(one.value == typed for one in choices):
        return choices
    return [one for one in choices if plain in one.name.casefold()][:MOST] or [own()]
