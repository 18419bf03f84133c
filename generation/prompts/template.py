"""The model's prompt without a language model: the person's words, then what was understood.

In the order that LTX-Video's guide asks for (github.com/Lightricks/LTX-Video, "Prompt
Engineering"): the action first, then its movement, the camera, the light; one literal paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation.directions.describe import LIGHT, WEATHER
from generation.directions.parse import directions_for
from generation.directions.sentences import SKY, closed, move_sentence
from generation.directions.vocabulary import Directions, Effect, Motion, Move

NO_WORDS = "Everything in the picture moves slowly and naturally, with small and gentle movements."
"""Names nothing, since nobody said what the picture shows."""

CONTINUOUS = "The motion is natural and continuous, in a single shot."


def templated(prompt: str, motion: Motion, effect: Effect) -> str:
    """A paragraph for a model; nobody and nothing is in it that the person did not name."""
    text = " ".join(prompt.split())
    action = closed(text) if text else NO_WORDS
    return " ".join([action, CONTINUOUS, *said_of(directions_for(text, motion, effect))])


def said_of(directions: Directions) -> list[str]:
    """Camera, weather and light as sentences, in that order."""
    return [*_camera(directions), *_sky(directions)]


def _camera(directions: Directions) -> Iterator[str]:
    for number, shot in enumerate(directions.shots):
        yield from _shot(shot, after=number > 0)


def _shot(shot: tuple[Move, ...], *, after: bool) -> Iterator[str]:
    first, *others = (move_sentence(move) for move in shot)
    yield _led("Then", first) if after else first
    for other in others:
        yield _led("At the same time", other)


def _led(lead: str, sentence: str) -> str:
    return f"{lead} {sentence[0].lower()}{sentence[1:]}"


def _sky(directions: Directions) -> Iterator[str]:
    """The weather, then the light."""
    for effect in (*WEATHER, *LIGHT):
        if effect in directions.effects:
            yield SKY[effect]
