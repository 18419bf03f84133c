"""Passes over verbs: which of them are said of the camera. The first row that fits decides."""

from __future__ import annotations

from generation.directions.classes import CLASSES, DIRECTED, MOVING, OBJECT
from generation.directions.patterns import rows

FILM = rows(
    [
        (
            "the camera rises",
            f"(camera: CAMERA SMALL*) (?= {MOVING})",
            "{camera} SAID",
        ),
        (
            "tilted upward",
            "PAST (?<! SAID PAST)",
            "ELSE",
        ),
        (
            "dust floats in a subtle parallax",
            "(effect: EFFECT) (?<! SAID EFFECT)",
            "SAID {effect}",
        ),
        (
            "she smiles at him, they zoom in",
            "(they: PRONOUN SMALL*) FILM",
            "{they} ELSE",
        ),
        (
            "tilt her head up",
            "TILT (?<! SAID TILT) (?= POSSESSIVE)",
            "ELSE",
        ),
        (
            "a pan on the stove",
            f"THING (?<! HOW THING) PAN (?! {DIRECTED} | MOVE_NOUN | [across over])",
            "ELSE",
        ),
        (
            "it rains, panning left",
            "NOBODY (?= FILM)",
            "SAID",
        ),
        (
            "face zoom",
            (
                "(what: BREAK SMALL* [^BREAK VERB SAID SMALL PRONOUN it _s]{1,2} SMALL*)"
                " (?= zoom BREAK)"
            ),
            "{what} SAID",
        ),
        (
            "snow falling zoom out",
            "(film: FILM) (?<= BASE) (?<! SAID FILM) (?= HOW* (?: to DETERMINER)? TO)",
            "SAID {film}",
        ),
    ],
    CLASSES,
)
"""What the camera is said to do, and words of film that are said of hardly anything else."""

RIGS = rows(
    [
        (
            "low angle tracking shot",
            "(?<! [SAID YOU THING]) NOBODY? (?= [BASE GERUND] (?<= RIG) (?<! truck) [shot shots])",
            "SAID",
        ),
        (
            "a crane move",
            "NOBODY (?= RIG MOVE_NOUN)",
            "SAID",
        ),
        (
            "pull back the curtain",
            f"NOBODY PUSH (?= {OBJECT})",
            "ELSE",
        ),
        (
            "orbit of the moon around the earth",
            "NOBODY RIG (?= of)",
            "ELSE",
        ),
        (
            "a crane stands in the shallow water",
            f"THING RIG (?= {DIRECTED}) (?! HOW* (?: to DETERMINER)? TO)",
            "ELSE",
        ),
        (
            "zoom in, then a crane",
            f"THING (?<! HOW THING) (?! BARE_RIG) RIG (?! {DIRECTED})",
            "ELSE",
        ),
        (
            "boom down",
            f"NOBODY (?= RIG {DIRECTED})",
            "SAID",
        ),
        (
            "slow push",
            "NOBODY (?<= HOW NOBODY) (?= PUSH)",
            "SAID",
        ),
        (
            "orbit",
            "NOBODY (?: (?<= YOU) | (?<= HOW THING)) (?= BARE_RIG)",
            "SAID",
        ),
    ],
    CLASSES,
)
"""Film people's equipment, where nobody else is named."""

BODIES = rows(
    [
        (
            "running through a crowd",
            "YOU (?! BASE) WALK",
            "ELSE",
        ),
        (
            "turn the knob to the left",
            f"YOU TURN (?= {OBJECT} | [^END]* TURNTABLE)",
            "ELSE",
        ),
        (
            "move closer",
            f"YOU (?= BODY {DIRECTED})",
            "SAID",
        ),
        (
            "follow the car",
            "YOU (?= [follow approach])",
            "SAID",
        ),
        (
            "rise slowly above the trees",
            "YOU (?= (?= BASE) CLIMB HOW* [WAY BREAK])",
            "SAID",
        ),
        (
            "drift slowly",
            "YOU (?= BARE_BODY HOW* BREAK)",
            "SAID",
        ),
    ],
    CLASSES,
)
"""What anything in the picture may do as well."""
