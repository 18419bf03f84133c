"""Directions as sentences: a video model is told in its prompt what a person chose by name."""

from __future__ import annotations

from collections.abc import Mapping

from generation.directions.parse import directions_for, parse
from generation.directions.vocabulary import Degree, Effect, Motion, Move, Speed

DEFAULT_PROMPT = "The scene comes to life with gentle, natural motion."

CAMERA: Mapping[Motion, str] = {
    Motion.STILL: "The camera stays completely still.",
    Motion.PAN_LEFT: "The camera pans {how} to the left.",
    Motion.PAN_RIGHT: "The camera pans {how} to the right.",
    Motion.TILT_UP: "The camera tilts {how} up.",
    Motion.TILT_DOWN: "The camera tilts {how} down.",
    Motion.ZOOM_IN: "The camera zooms in {how}.",
    Motion.ZOOM_OUT: "The camera zooms out {how}.",
    Motion.ORBIT_LEFT: "The camera orbits {how} to the left around the subject.",
    Motion.ORBIT_RIGHT: "The camera orbits {how} to the right around the subject.",
    Motion.ROLL_LEFT: "The camera rolls {how} to the left.",
    Motion.ROLL_RIGHT: "The camera rolls {how} to the right.",
    Motion.DRIFT: "The camera drifts {how}.",
    Motion.DOLLY_ZOOM: "A dolly zoom {how} stretches the background.",
    Motion.HANDHELD: "It is filmed with a handheld camera that sways a little.",
}
SKY: Mapping[Effect, str] = {
    Effect.RAIN: "It begins to rain.",
    Effect.SNOW: "It begins to snow.",
    Effect.FOG: "Fog rolls in.",
    Effect.SUNSET: "The light turns into a golden sunset.",
    Effect.NIGHT: "Night falls.",
    Effect.DAWN: "The first light of dawn appears.",
}
# Unasked, a model's camera is best slow: its quick moves smear.
ADVERBS = {Speed.SLOW: "slowly", Speed.NORMAL: "slowly", Speed.QUICK: "quickly"}
EXTENT = {Degree.SLIGHT: "slightly and ", Degree.NORMAL: "", Degree.STRONG: "dramatically and "}


LIVELINESS = (
    "Almost nothing stirs.",
    "Everything stays calm and gentle.",
    "",
    "The scene is lively and dynamic.",
    "The scene is full of strong, energetic action.",
)
"""For a motion strength of 0 to 4."""


def effective_prompt(prompt: str, motion: Motion, effect: Effect) -> str:
    """The prompt for a model; adds only what the prompt's own words do not say already."""
    text = prompt.strip() or DEFAULT_PROMPT
    said = parse(text)
    added: list[str] = []
    if motion in CAMERA and motion not in {move.motion for shot in said.shots for move in shot}:
        added.append(move_sentence(directions_for(text, motion, Effect.AUTO).shots[0][0]))
    if effect in SKY and effect not in said.effects:
        added.append(SKY[effect])
    return " ".join([closed(text) if added else text, *added])


def lively(text: str, strength: int | None) -> str:
    """The prompt with how much is to move, said once; the usual needs no word."""
    said = "" if strength is None else LIVELINESS[strength]
    return f"{closed(text)} {said}" if said and said not in text else text


def move_sentence(move: Move) -> str:
    """For every motion but `auto`, which is the engine's to choose."""
    return CAMERA[move.motion].format(how=EXTENT[move.degree] + ADVERBS[move.speed])


def closed(text: str) -> str:
    """As a sentence ends, so that another can follow."""
    return text if text.endswith((".", "!", "?", "…", "。", "！", "？")) else text + "."
