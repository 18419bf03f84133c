"""A prompt that a model can read to its end: what is cut is embellishment, never camera or sky."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from generation.directions.parse import parse, refused
from generation.directions.sentences import (
    DEFAULT_PROMPT,
    LIVELINESS,
    SKY,
    move_sentence,
)
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed
from generation.prompts.shortening import begun, ended, pieces
from generation.prompts.template import CONTINUOUS, NO_WORDS, led, said_of

LEADS = ("", "Then", "At the same time")


@dataclass(frozen=True, slots=True)
class Fitted:
    """`left_out`: of what a person or a language model wrote, not only of what we add."""

    text: str
    left_out: bool


def fitted(text: str, asked: Directions, fits: Callable[[str], bool]) -> Fitted:
    """`text` where it fits; else with every sentence of `asked`, and of the rest what there is room
    for. Where not even those fit it is those alone.
    """
    if fits(text):
        return Fitted(text, False)
    body, tail = _apart(text)
    words = body.removesuffix(CONTINUOUS).rstrip()
    unwished = frozenset(refused(text)) - frozenset(asked.effects)
    ours = words in ("", NO_WORDS, DEFAULT_PROMPT)
    shorter = _joined(words, asked, unwished, tail)
    if fits(shorter):
        return Fitted(shorter, False)
    parts = pieces(words)
    least, most = 0, len(parts)
    while most - least > 1:  # how many pieces may stay
        middle = (least + most) // 2
        room = fits(_joined(begun(parts, middle), asked, unwished, tail))
        least, most = (middle, most) if room else (least, middle)
    return Fitted(_joined(begun(parts, least), asked, unwished, tail), not ours)


def _joined(words: str, asked: Directions, unwished: frozenset[Effect], tail: list[str]) -> str:
    """What is wanted of camera and sky, or ruled out, is said once: in the words or behind them."""
    further = said_of(asked, parse(" ".join([words, *tail])))
    lost = unwished - frozenset(refused(words))
    absent = [f"There is {_none_of(lost)}."] if lost else []
    lively = [sentence for sentence in tail if sentence in LIVELINESS]
    said = [sentence for sentence in tail if sentence not in LIVELINESS]
    return " ".join([*([ended(words)] if words else []), *said, *further, *absent, *lively])


def _none_of(effects: frozenset[Effect]) -> str:
    """`no rain, no snow and no fog`."""
    *others, last = [f"no {effect}" for effect in Effect if effect in effects]
    return f"{', '.join(others)} and {last}" if others else last


def _apart(text: str) -> tuple[str, list[str]]:
    """What was written, and our own sentences behind it."""
    tail: list[str] = []
    while True:
        body, end, last = text.rpartition(". ")
        if last not in _ours():
            return text, tail
        tail.insert(0, last)
        text = f"{body}{end}".rstrip()


@cache
def _ours() -> frozenset[str]:
    return frozenset({*SKY.values(), *filter(None, LIVELINESS), *_moves()})


def _moves() -> Iterator[str]:
    for motion, speed, degree, lead in product(Motion, Speed, Degree, LEADS):
        if motion is not Motion.AUTO:
            sentence = move_sentence(Move(motion, speed, degree))
            yield led(lead, sentence) if lead else sentence
