"""Passes over what goes on with the move before, what a move is for, and what comes first."""

from __future__ import annotations

from generation.directions.classes import CLASSES, MOVING
from generation.directions.patterns import rows

GOING_ON = (
    "[SAID RULED_OUT] (?: (?<= RULED_OUT) | VERB | STATIC (?= ELSE [^SAID .]* [THEN before but]))"
)
"""What the camera did, where more may follow without saying again who acts."""

ALONE = rows(
    [
        (
            "it snows, camera up",
            "(before: BREAK (?= ONWARD{0,6} DEVICE) ONWARD*+) TO? (way: ALONE) (?= SETTLED)",
            "{before} SAID move TO {way}",
        ),
        (
            "first left, then right, then zoom",
            "(before: first) TO? (way: ALONE) (?= BREAK)",
            "{before} SAID move TO {way}",
        ),
        (
            "from left to right",
            (
                "(before: START LINK* ONWARD*+) TO? (way: ALONE)"
                " (?= (?: PATH [^BREAK]*)? [ONWARD BREAK ALONE]* $)"
            ),
            "{before} SAID move TO {way}",
        ),
    ],
    CLASSES,
)
"""A direction that stands for itself."""

CONTINUED = rows(
    [
        (
            "pan left, slowly",
            "(before: SAID ACT [^END]*) LINK+ (how: ASIDE+) (?= BREAK)",
            "{before} {how}",
        ),
        (
            "pan left as she walks, slow and smooth",
            (
                "(before: SAID ACT [^END]*+) (meanwhile: [as while when] [^SAID RULED_OUT .]*?)"
                " [,] (how: ASIDE+ (?: [, and] ASIDE+)*) (?= [.])"
            ),
            "{before} {how} {meanwhile}",
        ),
        (
            "Camera: pan left. Camera speed: slow",
            (
                "(before: SAID ACT [^END]*+) (others: [^SAID RULED_OUT SETTING]*+)"
                " (?<= [. , CAMERA]) SETTING [,]? (how: PACE)"
            ),
            "{before} {how} {others}",
        ),
        (
            "pan, slowly, to the left",
            "(before: SAID ACT [^END TO]*) [,] to DETERMINER (way: SIDE) (?= SETTLED)",
            "{before} TO {way}",
        ),
        (
            "slowly, very slowly, pan left",
            "(before: BREAK SMALL++) JOINT++ (?= [SMALL JOINT CAMERA YOU]*+ SAID)",
            "{before}",
        ),
        (
            "the camera pulls back and drifts up",
            (
                f"(before: {GOING_ON} [^NEW_SUBJECT SAID RULED_OUT THIRD]* SAME SMALL*)"
                f" (?! BASE) (?= {MOVING})"
            ),
            "{before} SAID",
        ),
        (
            "orbit left, then right",
            (
                "(before: SAID (again: CIRCLE) [^. SAID DEED]* [JOINT THEN] ONWARD*+) TO?"
                " (way: (?= ROUND) SIDE) (?= SETTLED)"
            ),
            "{before} SAID {again} TO {way}",
        ),
        (
            "pan left, then up",
            (
                f"(before: {GOING_ON} [^. SAID DEED]* [JOINT THEN] ONWARD*+) TO?"
                " (way: ALONE) (?= SETTLED)"
            ),
            "{before} SAID move TO {way}",
        ),
        (
            "push in, then circle her",
            (
                "(before: [SAID RULED_OUT] (?: [^SAID RULED_OUT THEN]*+ THEN)+ BREAK*"
                f" [NOBODY SMALL]*) (?= BASE) (?= {MOVING})"
            ),
            "{before} SAID",
        ),
        (
            "pan left, then it slowly pulls back",
            (
                "(before: [SAID RULED_OUT] (?: [^SAID RULED_OUT THEN]*+ THEN)+ BREAK* SMALL*"
                f" [it COMMANDER] [NOBODY SMALL]*) (?= {MOVING})"
            ),
            "{before} SAID",
        ),
    ],
    CLASSES,
)
"""Applied until nothing changes: each goes on with what may have gone on itself."""

PURPOSES = rows(
    [
        (
            "slowly reveal the skyline by tilting up",
            "(how: (?<! SMALL) SMALL*+) SAID PURPOSE (what: [^SAID THEN .]*?) (?= LEAD* SAID)",
            "{what} {how}",
        ),
        (
            "pan right, revealing the ocean",
            "(before: SAID [^SAID THEN .]*) SAID PURPOSE",
            "{before} ELSE",
        ),
    ],
    CLASSES,
)
"""In `pan right, revealing the ocean` that is why, not how."""

ORDER = rows(
    [
        (
            "zoom in after panning left",
            (
                "(start: [START .]) (later: [^SAID .]* SAID [^.]*)"
                " after (first: [^SAID .]* SAID [^SAID BREAK]*)"
            ),
            "{start} {first} then {later}",
        ),
        (
            "after zooming in, pan left",
            "after (first: [^SAID .]* SAID [^SAID .]*?) (?= LEAD* SAID)",
            ", {first} then",
        ),
        (
            "tilt up before zooming out",
            "(first: SAID [^SAID .]*) before",
            "{first} then",
        ),
        (
            "before zooming in, pan left",
            (
                "before (later: [^SAID .]* SAID [^SAID .]*) [,]"
                " (first: [^SAID .]* SAID [^SAID BREAK]*)"
            ),
            ", {first} then {later}",
        ),
    ],
    CLASSES,
)
"""What is said last may come first."""
