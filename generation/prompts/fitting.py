"""A prompt that a model can read to its end: what is cut is embellishment, never camera or sky."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from generation.directions.parse import parse
from generation.directions.sentences import (
    DEFAULT_PROMPT,
    LIVELINESS,
    SKY,
    closed,
    move_sentence,
)
from generation.directions.vocabulary import Degree, Directions, Motion, Move, Speed
from generation.prompts.template import CONTINUOUS, NO_WORDS, led, said_of

LEADS = ("", "Then", "At the same time")
SENTENCE_ENDS = (".", "!", "?", "…")


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
    ours = words in ("", NO_WORDS, DEFAULT_PROMPT)
    shorter = _joined(words, asked, tail)
    if fits(shorter):
        return Fitted(shorter, False)
    parts = words.split()
    least, most = 0, len(parts)
    while most - least > 1:  # how many words may stay
        middle = (least + most) // 2
        room = fits(_joined(_begun(parts, middle), asked, tail))
        least, most = (middle, most) if room else (least, middle)
    return Fitted(_joined(_begun(parts, least), asked, tail), not ours)


def _begun(parts: list[str], count: int) -> str:
    """So many words at most; whole sentences where they are half of that."""
    text = " ".join(parts[:count])
    end = max(map(text.rfind, SENTENCE_ENDS))
    return text[: end + 1] if end * 2 >= len(text) > 0 else text.rstrip(",;:–— ")


def _joined(words: str, asked: Directions, tail: list[str]) -> str:
    """What `asked` wants of camera and sky is said once, in the words or behind them."""
    further = said_of(asked, parse(" ".join([words, *tail])))
    lively = [sentence for sentence in tail if sentence in LIVELINESS]
    said = [sentence for sentence in tail if sentence not in LIVELINESS]
    return " ".join([*([closed(words)] if words else []), *said, *further, *lively])


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
