"""Finds the moves that are told by where they begin and end: from a close-up to a wide shot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generation.directions.camera import Sighting
from generation.directions.manner import Manner, Mover
from generation.directions.vocabulary import Motion

FRAMINGS: Mapping[str, str] = {
    word: size
    for size, words in {"close": "closeup tight macro", "wide": "wide wider panorama"}.items()
    for word in words.split()
}
MOVES = {("wide", "close"): Motion.ZOOM_IN, ("close", "wide"): Motion.ZOOM_OUT}
DEPARTS = frozenset("from start starts starting begin begins beginning open opens opening".split())
ARRIVES = frozenset("to into end ends ending finish finishes finishing".split())
REACH = 12


def framings_in(words: Sequence[str]) -> list[Sighting]:
    found: list[Sighting] = []
    for at, word in enumerate(words):
        if word in FRAMINGS and DEPARTS.intersection(words[max(at - 5, 0) : at]):
            arrival = _arrival(words, at)
            if arrival is not None:
                motion = MOVES[FRAMINGS[word], FRAMINGS[words[arrival]]]
                found.append(Sighting(motion, at, arrival, Manner(), Manner(), Mover.NOBODY))
    return found


def _arrival(words: Sequence[str], departure: int) -> int | None:
    arrives = False
    for ahead in range(departure + 1, min(departure + 1 + REACH, len(words))):
        arrives = arrives or words[ahead] in ARRIVES
        size = FRAMINGS.get(words[ahead])
        if arrives and size is not None and size != FRAMINGS[words[departure]]:
            return ahead
    return None
