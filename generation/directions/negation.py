"""Passes over what is not to be: first which wishes a "no" is said of, later what that means."""

from __future__ import annotations

from generation.directions.classes import CLASSES, DIRECTED, OBJECT
from generation.directions.patterns import rows

LISTS = rows(
    [
        (
            "rain yes, snow no",
            "(what: WEATHER) no (?= BREAK)",
            "no {what}",
        ),
        (
            "excluding people, snow, fog",
            "(no: excluding [^BREAK NEGATOR]*) [,] (?! NEGATOR)",
            "{no} , excluding",
        ),
        (
            "no zoom, pan or tilt",
            (
                "(no: NEGATOR [^WISH NEGATOR BREAK]* WISH BELONGING*) [,]"
                " (?= WISH BELONGING* (?: [,] WISH BELONGING*)* [,]? [or nor])"
            ),
            "{no} , not",
        ),
        (
            "no rain, snow and fog",
            (
                "(no: NEGATOR [^WISH NEGATOR BREAK]* WEATHER) [,]"
                " (?= WEATHER (?: [,] WEATHER)* [,]? and (?: WEATHER | [_ _s _ing] BREAK))"
            ),
            "{no} , not",
        ),
        (
            "no zoom, pan and tilt",
            (
                "(no: NEGATOR [^WISH NEGATOR BREAK]* OF_CAMERA) [,]"
                " (?= OF_CAMERA (?: [,] OF_CAMERA)* [,]? and OF_CAMERA BREAK)"
            ),
            "{no} , not",
        ),
        (
            "do not pan or zoom",
            "(no: NEGATOR [^WISH NEGATOR BREAK]* WISH BELONGING*) (or: [or nor]) (?! NEGATOR)",
            "{no} {or} not",
        ),
        (
            "no rain and snow",
            "(no: NEGATOR [^WISH NEGATOR BREAK]* WEATHER) and (?= WEATHER)",
            "{no} and not",
        ),
        (
            "no zoom in and out",
            "(no: NEGATOR [^WISH NEGATOR BREAK]* OF_CAMERA BELONGING*) and WAY (?= BREAK)",
            "{no}",
        ),
        (
            "no zoom and pan",
            "(no: NEGATOR [^WISH NEGATOR BREAK]* OF_CAMERA BELONGING*) and (?= OF_CAMERA)",
            "{no} and not",
        ),
    ],
    CLASSES,
)
"""One "no" is said of all that is listed; applied until nothing changes."""

WISHES = rows(
    [
        (
            "not right but left",
            "NEGATOR (?: to DETERMINER?)? ALONE (?= BREAK)",
            "",
        ),
        (
            "a not too gentle zoom out",
            "NEGATOR [too so very] PACE",
            "",
        ),
        (
            "do not let it zoom",
            "NEGATOR (other: [^WISH NEGATOR BREAK]*) (?= WISH)",
            "NOT {other}",
        ),
        (
            "I want no rain",
            "NOT [^WISH BREAK]* WEATHER BELONGING*",
            "ELSE",
        ),
    ],
    CLASSES,
)

REFUSALS = rows(
    [
        (
            "the camera does not move, then it pans left",
            (
                "(who: [BREAK BY CAMERA COMMANDER ELSE]) PLAIN*"
                f" NOT [PLAIN COMMANDER CAMERA NOBODY]* MOVE (?! {OBJECT}) BELONGING*"
            ),
            "{who} ELSE SAID STATIC ELSE",
        ),
        (
            "no fast zoom",
            "NOT [SMALL CAMERA]* PACE [SMALL CAMERA NOBODY]* VERB BELONGING*",
            "ELSE",
        ),
        (
            "I do not want any zoom",
            "NOT [^WISH BREAK]* FILM BELONGING*",
            "RULED_OUT",
        ),
        (
            "the camera does not follow her",
            "(?: CAMERA PLAIN* NOT | NOT [PLAIN COMMANDER]* CAMERA) PLAIN* VERB BELONGING*",
            "RULED_OUT",
        ),
        (
            "never orbit",
            "(who: [BREAK BY COMMANDER ELSE]) PLAIN* NOT [PLAIN NOBODY]* RIG BELONGING*",
            "{who} RULED_OUT",
        ),
        (
            "do not look up",
            (
                "(who: [BREAK BY COMMANDER ELSE]) PLAIN* NOT [PLAIN NOBODY]*"
                f" BODY {DIRECTED} BELONGING*"
            ),
            "{who} RULED_OUT",
        ),
        (
            "no shaky handheld camera",
            "NOT [^WISH BREAK]* WISH [SHAKY handheld BELONGING]*",
            "ELSE",
        ),
    ],
    CLASSES,
)
"""A camera that is told not to move keeps its place; what else it must not do may leave it so."""
