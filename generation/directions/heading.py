"""Passes over directions: which are none, then for each verb the one that counts, behind `TO`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from generation.directions.classes import CLASSES, verbs, words_to
from generation.directions.lexicon import FOLLOW, TRACK, VERBS, Family
from generation.directions.patterns import Row, classes_of, rows

NONE = rows(
    [
        (
            "tilt to her left hand",
            "(her: POSSESSIVE) [left right]",
            "{her} _",
        ),
        (
            "the camera moves right behind him to the left",
            "right (?= NOW)",
            "_",
        ),
        (
            "the camera pans slowly and smoothly to the left",
            "(one: ADVERB) and (other: ADVERB) (?! HOW* VERB)",
            "{one} {other}",
        ),
        (
            "the camera rises, revealing the castle and the rolling hills",
            "(the: DETERMINER) rolling (?! CAMERA | VERB)",
            "{the} _",
        ),
        (
            "look down, then back up",
            "(then: [JOINT THEN] SMALL*) back (?= SIDE SETTLED)",
            "{then}",
        ),
        (
            "the camera moves in a slow arc to the left",
            "(verb: BODY) in ARTICLE? (how: HOW*) [circle circles arc arcs orbit orbits]",
            "{how} {verb} around",
        ),
        (
            "zoom back in",
            "(verb: FILM HOW*) back (?= ALONE)",
            "{verb}",
        ),
        (
            "tilt up left",
            "(up: TILT HOW* [up down]) (?= [left right] BREAK)",
            "{up} and",
        ),
        (
            "the camera moves in a slow zoom",
            "BODY in (?= ARTICLE HOW* FILM)",
            "",
        ),
        (
            "the camera moves in the room to the left",
            "(verb: BODY [^LIMIT]*?) in (?= DETERMINER)",
            "{verb} _",
        ),
        (
            "a leftward pan",
            "(way: SIDEWARD (?<! VERB SIDEWARD)) (verb: (?! WAY | SMALL) VERB)",
            "{verb} {way}",
        ),
        (
            "镜头绕着她向左旋转",
            "(circle: CIRCLE [^LIMIT]*) [roll spin] (?= ROUND)",
            "{circle}",
        ),
        (
            "時計回りに回る",
            "[roll spin] (way: ROUND) (circle: CIRCLE)",
            "{circle} {way}",
        ),
        (
            "pan from the tower on the left to the one on the right",
            "(from: from [^SIDE LIMIT]*) SIDE (to: [^SIDE LIMIT]* to [^SIDE LIMIT]*) (?= SIDE)",
            "{from} _ {to}",
        ),
    ],
    CLASSES,
)
"""Her left hand is no direction, and a leftward pan is a pan to the left."""

Table = Sequence[tuple[str, str, str]]

FIRST: Table = [
    (
        "zoom slowly out",
        "(verb: ITS_VERB (?<! TO ITS_VERB) [^ITS_WAY TO LIMIT]*+) (way: ITS_WAY)",
        "{verb} TO {way}",
    ),
]
CIRCLED: Table = [
    (
        "walk around the statue to the left",
        "(verb: ITS_VERB [^ITS_WAY TO LIMIT]*+) [around round] (to: [^LIMIT]*?) (side: ROUND)",
        "{verb} TO around {side} {to}",
    ),
    (
        "dolly left around the statue",
        "(verb: ITS_VERB [^ITS_WAY TO LIMIT]*) (side: ROUND) (to: [^LIMIT]*?) [around round]",
        "{verb} TO around {side} {to}",
    ),
]
FAR: Table = [
    (
        "the camera follows the dog as it runs to the left",
        (
            "(verb: ITS_VERB MOVE_NOUN?)"
            " (whom: (?: (?! BREAK SMALL* BASE) [^ITS_WAY TO FILM RIG CAMERA . ,]){0,15})"
            " (way: ITS_WAY)"
        ),
        "{verb} TO {way} {whom}",
    ),
]
"""The direction may be somebody else's."""


def _counted(table: Table, *families: Family) -> tuple[Row, ...]:
    """For families that know the same directions."""
    its = {"ITS_VERB": verbs(*families), "ITS_WAY": words_to(families[0].headings)}
    return rows(table, {**CLASSES, **classes_of(its)})


def _alike(ways: Collection[str]) -> list[Family]:
    return [family for family in VERBS.values() if family.headings.keys() == ways]


KNOWN = sorted({tuple(sorted(family.headings)) for family in VERBS.values() if family.headings})
COUNTED = (
    *_counted([*CIRCLED, *FIRST, *FAR], TRACK),
    *_counted([*FIRST, *FAR], FOLLOW),
    *(
        row
        for ways in KNOWN
        for row in _counted(
            [*(CIRCLED if "around left" in ways else ()), *FIRST], *_alike(set(ways))
        )
    ),
)
"""The first direction that a verb knows is the one that counts, or that it goes around."""
