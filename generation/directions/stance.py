"""Passes over how the camera is held, fixed or in somebody's hand, and over how much it shows."""

from __future__ import annotations

from generation.directions.classes import CLASSES
from generation.directions.patterns import rows

STANCES = rows(
    [
        (
            "handheld",
            "handheld",
            "SAID HANDHELD",
        ),
        (
            "camera shake",
            "(camera: CAMERA SMALL*) SHAKY",
            "{camera} SAID HANDHELD",
        ),
        (
            "shaky documentary style",
            "SHAKY (?= [^BREAK]? HELD)",
            "SAID HANDHELD",
        ),
        (
            "lock the camera",
            "LOCK (?= DETERMINER{0,2} CAMERA_ITSELF)",
            "ELSE SAID STATIC ELSE",
        ),
        (
            "the camera still moves left",
            "STILL (?= VERB)",
            "",
        ),
        (
            "a single fixed shot of a candle",
            "STILL (?= HELD)",
            "ELSE SAID STATIC ELSE",
        ),
        (
            "a static wide shot of a lake",
            "[UNMOVING fixed locked] (?= [^BREAK] HELD)",
            "ELSE SAID STATIC ELSE",
        ),
        (
            "camera is fixed",
            "(camera: CAMERA SMALL*) STILL",
            "{camera} ELSE SAID STATIC ELSE",
        ),
        (
            "the camera stays on the house",
            "(camera: CAMERA SMALL* (?<= LINGER)) (?= on DETERMINER)",
            "{camera} SAID STATIC",
        ),
        (
            "rain, everything else still",
            "(all: WHOLE SMALL*) [UNMOVING still]",
            "{all} ELSE SAID STATIC ELSE",
        ),
        (
            "make it static please",
            "(who: [BREAK BY COMMANDER] SMALL*) UNMOVING (?= UNHELD)",
            "{who} ELSE SAID STATIC ELSE",
        ),
        (
            "waves crash, keep still",
            "(who: [BREAK BY COMMANDER] SMALL* KEEP [SMALL COMMANDER it]*) STILL (?= UNHELD)",
            "{who} ELSE SAID STATIC ELSE",
        ),
        (
            "still, a heron waits",
            "(who: [START COMMANDER] SMALL*) [still fixed] (?= UNHELD)",
            "{who} ELSE SAID STATIC ELSE",
        ),
    ],
    CLASSES,
)
REFRAMED = rows(
    [
        (
            "from a macro of the eye to a wide shot of the city",
            (
                "(before: DEPARTING [^CLOSE WIDE DEPARTING]{0,16} CLOSE [^WIDE ARRIVING]{0,40}"
                " ARRIVING [^CLOSE WIDE]{0,16}) WIDE"
            ),
            "{before} SAID zoom TO out",
        ),
        (
            "close up of the ring, then a wide shot",
            (
                "(before: START SMALL* CLOSE [^BREAK CLOSE WIDE]{0,8} [,]? [to into then]"
                " [SMALL CAMERA]*) WIDE"
            ),
            "{before} SAID zoom TO out",
        ),
        (
            "wide shot to close up of the ring",
            (
                "(before: START SMALL* WIDE [^BREAK CLOSE WIDE]{0,8} [,]? [to into then]"
                " [SMALL CAMERA]*) CLOSE"
            ),
            "{before} SAID zoom TO in",
        ),
        (
            "start wide and end on a close up of the ring",
            (
                "(before: DEPARTING [^CLOSE WIDE DEPARTING]{0,16} WIDE [^CLOSE ARRIVING]{0,40}"
                " ARRIVING [^CLOSE WIDE]{0,16}) CLOSE"
            ),
            "{before} SAID zoom TO in",
        ),
    ],
    CLASSES,
)
