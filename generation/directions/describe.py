"""Says back in one line what was understood, so that a person sees it before the clip is made."""

from __future__ import annotations

from collections.abc import Mapping

from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed

NAMES: Mapping[Motion, str] = {
    Motion.AUTO: "a move of the engine's choice",
    Motion.STILL: "still",
    Motion.PAN_LEFT: "pan to the left",
    Motion.PAN_RIGHT: "pan to the right",
    Motion.TILT_UP: "tilt up",
    Motion.TILT_DOWN: "tilt down",
    Motion.ZOOM_IN: "zoom in",
    Motion.ZOOM_OUT: "zoom out",
    Motion.ORBIT_LEFT: "orbit to the left",
    Motion.ORBIT_RIGHT: "orbit to the right",
    Motion.HANDHELD: "handheld",
}
WEATHER = (Effect.RAIN, Effect.SNOW, Effect.FOG)
LIGHT = (Effect.SUNSET, Effect.NIGHT, Effect.DAWN)


def describe(directions: Directions) -> str:
    """Empty where nothing was understood: what happens then is the engine's to say."""
    shots = ", then ".join(" and ".join(map(_move, shot)) for shot in directions.shots)
    parts = {
        "Camera": shots,
        "Weather": _listed(directions, WEATHER),
        "Light": _listed(directions, LIGHT),
    }
    return " ".join(f"{name}: {said}." for name, said in parts.items() if said)


def _move(move: Move) -> str:
    words = [
        "" if move.speed is Speed.NORMAL else move.speed.value,
        "" if move.degree is Degree.NORMAL else move.degree.value,
        NAMES[move.motion],
    ]
    return " ".join(filter(None, words))


def _listed(directions: Directions, kind: tuple[Effect, ...]) -> str:
    return ", then ".join(effect.value for effect in directions.effects if effect in kind)
