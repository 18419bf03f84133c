"""Words become signs, pass by pass, until what is asked of the camera need only be taken."""

from __future__ import annotations

from collections.abc import Sequence

from generation.directions.heading import COUNTED, NONE
from generation.directions.lead import CARRIED, COMMANDED, NAMED
from generation.directions.meant import BODIES, FILM, RIGS
from generation.directions.negation import LISTS, REFUSALS, WISHES
from generation.directions.order import ALONE, CONTINUED, ORDER, PURPOSES
from generation.directions.patterns import Row, letters, rewritten
from generation.directions.shots import shots_of
from generation.directions.stance import REFRAMED, STANCES
from generation.directions.vocabulary import Directions
from generation.directions.weather import effects_in
from generation.directions.words import words_of

Pass = tuple[Sequence[Row], int]
"""A table, and how often it is applied at most, as long as it changes something."""
MOST_TIMES = 32

NEGATION: Sequence[Pass] = ((LISTS, MOST_TIMES), (WISHES, 1))
CAMERA: Sequence[Pass] = (
    (NONE, 1),
    (COUNTED, 1),
    (NAMED, 1),
    (CARRIED, MOST_TIMES),
    (COMMANDED, 1),
    (REFUSALS, 1),
    (STANCES, 1),
    (REFRAMED, 1),
    (FILM, 1),
    (RIGS, 1),
    (BODIES, 1),
    (ALONE, 1),
    (CONTINUED, MOST_TIMES),
    (PURPOSES, 1),
    (ORDER, 1),
)


def read(prompt: str, negation: Sequence[Pass] = NEGATION) -> Directions:
    wished = wishes(words_of(prompt), negation)
    return Directions(shots_of(camera_signs(wished)), effects_in(wished))


def wishes(words: Sequence[str], passes: Sequence[Pass] = NEGATION) -> str:
    """The words as signs, without the weather that is not wished for."""
    return _passed(letters(["START", *words, "."]), passes)


def camera_signs(wished: str, passes: Sequence[Pass] = CAMERA) -> str:
    """With `SAID` before every verb that is said of the camera, in the order of the moves."""
    return _passed(wished, passes)


def _passed(text: str, passes: Sequence[Pass]) -> str:
    for table, times in passes:
        for _ in range(times):
            before, text = text, rewritten(text, table)
            if text == before:
                break
    return text
