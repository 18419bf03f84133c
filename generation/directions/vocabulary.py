"""The words for what the camera and the weather can do, shared by every engine and every form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Motion(StrEnum):
    """Named after the camera's movement: in a pan to the right the content moves left."""

    AUTO = "auto"
    STILL = "still"
    PAN_LEFT = "pan-left"
    PAN_RIGHT = "pan-right"
    TILT_UP = "tilt-up"
    TILT_DOWN = "tilt-down"
    ZOOM_IN = "zoom-in"
    ZOOM_OUT = "zoom-out"
    ORBIT_LEFT = "orbit-left"
    ORBIT_RIGHT = "orbit-right"
    HANDHELD = "handheld"
    ROLL_LEFT = "roll-left"
    ROLL_RIGHT = "roll-right"
    DRIFT = "drift"
    DOLLY_ZOOM = "dolly-zoom"


class Effect(StrEnum):
    """`auto` leaves it to the words, `none` is none whatever they say."""

    AUTO = "auto"
    NONE = "none"
    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    SUNSET = "sunset"
    NIGHT = "night"
    DAWN = "dawn"


class Speed(StrEnum):
    SLOW = "slow"
    NORMAL = "normal"
    QUICK = "quick"


class Degree(StrEnum):
    SLIGHT = "slight"
    NORMAL = "normal"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Move:
    motion: Motion
    speed: Speed = Speed.NORMAL
    degree: Degree = Degree.NORMAL


@dataclass(frozen=True, slots=True)
class Directions:
    """What was asked of the camera and the weather.

    `shots` follow each other, the moves within one happen together; none at all leaves the choice
    to the engine. `effects` are in the order in which they were asked for.
    """

    shots: tuple[tuple[Move, ...], ...] = ()
    effects: tuple[Effect, ...] = ()
