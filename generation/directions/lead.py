"""Passes over who acts: the camera, `YOU`, or somebody else."""

from __future__ import annotations

from generation.directions.classes import CLASSES, MOVING
from generation.directions.patterns import rows

NAMED = rows(
    [
        (
            "he walks past the camera moving left",
            "(past: PREPOSITION [ARTICLE HOW]*) (?! (?<= of) CAMERA MOVE_NOUN) CAMERA",
            "{past} _",
        ),
        (
            "walking toward the castle, pov",
            (
                "(start: START SMALL*) (what: (?= GERUND) BODY [^. ,]*)"
                " (?: [,]? pov | [,] HOW* CAMERA MOVE_NOUN?) (?= BREAK)"
            ),
            "{start} camera {what}",
        ),
        (
            "a man with a camera turns to the left",
            "(with: with [a POSSESSIVE] HOW*) CAMERA_ITSELF (?= THIRD (?<= BODY))",
            "{with} _",
        ),
        (
            "the camera goes rising",
            f"(camera: CAMERA SMALL*) MOVE (?= SMALL* {MOVING})",
            "{camera}",
        ),
        (
            "the camera, which slowly slides left",
            "(camera: CAMERA SMALL*) [,]? [which who]",
            "{camera}",
        ),
    ],
    CLASSES,
)
"""A camera that is looked at does not act."""

CARRIED = rows(
    [
        (
            "The camera starts low. It rises",
            "(before: BREAK SMALL* CAMERA [^BREAK]* (?: (?! NEW_SUBJECT) BREAK | [.])+ SMALL*) it",
            "{before} camera",
        ),
        (
            "the shot begins wide and slowly pushes in",
            "(before: BREAK SMALL* CAMERA [^BREAK of VERB]* JOINT+ SMALL*) (?= THIRD)",
            "{before} camera",
        ),
        (
            "the camera, slowly, rises",
            (
                "(before: BREAK) (camera: SMALL* CAMERA (?: (?! STILL) [SMALL CAMERA])*)"
                " (link: JOINT+)"
            ),
            "{before} {link} {camera}",
        ),
    ],
    CLASSES,
)
"""Over commas and full stops; applied until nothing changes, since it may be carried on."""

COMMANDED = rows(
    [
        (
            "can it zoom",
            "it (how: SMALL*) (?= (?= BASE) [FILM RIG])",
            "camera {how}",
        ),
        (
            "it snows, turning the camera left",
            "(who: [BREAK BY COMMANDER] SMALL*) (?= VERB DETERMINER{0,2} CAMERA_ITSELF)",
            "{who} camera",
        ),
        (
            "moving closer",
            "(who: (?: START LINK* | COMMANDER) SMALL*) (?= VERB)",
            "{who} YOU",
        ),
        (
            "it rains, orbit left",
            "(who: [BREAK BY] SMALL*) (?= BASE | FILM)",
            "{who} YOU",
        ),
        (
            "It rains. Orbiting left.",
            "(who: [.] LINK* SMALL*) (?= GERUND)",
            "{who} YOU",
        ),
        (
            "a turn to the left",
            "(the: (?<! SMALL) PLAIN* ARTICLE PLAIN*) YOU",
            "{the} THING",
        ),
    ],
    CLASSES,
)
