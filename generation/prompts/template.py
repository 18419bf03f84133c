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

NOTHING = Directions()


def templated(prompt: str, motion: Motion, effect: Effect) -> str:
    """A paragraph for a model; nobody and nothing is in it that the person did not name."""
    text = " ".join(prompt.split())
    action = closed(text) if text else NO_WORDS
    return " ".join([action, CONTINUOUS, *said_of(directions_for(text, motion, effect))])


def said_of(directions: Directions, already: Directions = NOTHING) -> list[str]:
    """Camera, weather and light as sentences, in that order, but for what is said `already`."""
    return [*_camera(directions, already), *_sky(directions, already)]


def _camera(directions: Directions, already: Directions) -> Iterator[str]:
    said = {move.motion for shot in already.shots for move in shot}
    for number, shot in enumerate(directions.shots):
        yield from _shot(shot, said, after=number > 0)


def _shot(shot: tuple[Move, ...], said: set[Motion], *, after: bool) -> Iterator[str]:
    begun = any(move.motion in said for move in shot)
    for move in shot:
        if move.motion in said:
            continue
        sentence = move_sentence(move)
        if begun:
            yield led("At the same time", sentence)
        else:
            yield led("Then", sentence) if after else sentence
        begun = True


def led(lead: str, sentence: str) -> str:
    return f"{lead} {sentence[0].lower()}{sentence[1:]}"


def _sky(directions: Directions, already: Directions) -> Iterator[str]:
    """The weather, then the light."""
    for effect in (*WEATHER, *LIGHT):
        if effect in directions.effects and effect not in already.effects:
            yield SKY[effect]
