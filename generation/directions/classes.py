"""The classes of words that patterns name, and the signs that are put among the words.

Signs are words too, in capitals; nobody can type them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generation.directions import grammar, lexicon
from generation.directions.grammar import BREAKS, FRAMINGS, HEADINGS, MODIFIERS
from generation.directions.lexicon import ROUND, TERMS, Family, Form, Kind
from generation.directions.patterns import UNKNOWN_ING, classes_of
from generation.directions.sky import WEATHER

SIGNS = frozenset("START NOT TO YOU THING SAID ELSE RULED_OUT STATIC HANDHELD".split())
"""What passes put among the words.

`START` stands before all of them, `NOT` instead of a word that forbids, `TO` before the direction
that counts for the verb in front of it. Before a verb stands `YOU` where nobody is named who acts,
`THING` if it may be a noun as well, and in the end `SAID` where it is said of the camera. `ELSE` is
what something else does or is not to do, `RULED_OUT` what the camera is not to do; `STATIC` and
`HANDHELD` are how it is held.
"""
VERBS = frozenset(TERMS)
OPENING = BREAKS - grammar.ARTICLES | {"START"}
PASSED_OVER = grammar.TRANSPARENT - BREAKS
SMALL = MODIFIERS | PASSED_OVER | grammar.ARTICLES | {"NOT"}
PACE = frozenset(grammar.SPEEDS) | frozenset(grammar.DEGREES)
ENDS = (
    (VERBS - HEADINGS.keys())
    | OPENING
    | BREAKS
    | grammar.NEGATORS
    | (SIGNS - {"TO", "YOU", "THING"})
)
NEW_SUBJECTS = frozenset(
    "START . it he she they as while who which that with when until because where".split()
)
SIDES = frozenset("left right up down".split())
DOING = frozenset(
    word
    for word in (
        *TERMS,
        *SMALL,
        *BREAKS,
        *grammar.ARRIVES,
        *grammar.SHAKY,
        *grammar.LOCKS,
        *WEATHER,
    )
    if word.endswith("ing") and word not in grammar.SCENE_GERUND_EXCEPTIONS
) | {UNKNOWN_ING}


def words_to(ways: Iterable[str]) -> frozenset[str]:
    """All that name one of these directions."""
    return frozenset(word for word, way in HEADINGS.items() if way in ways)


def framing(size: str) -> frozenset[str]:
    return frozenset(word for word, named in FRAMINGS.items() if named == size)


def verbs(*families: Family) -> frozenset[str]:
    """All forms of the verbs of these families."""
    return frozenset(verb for verb, term in TERMS.items() if term.family in families)


def of_form(form: Form) -> frozenset[str]:
    return frozenset(verb for verb, term in TERMS.items() if term.form is form)


def of_kind(kind: Kind) -> frozenset[str]:
    return frozenset(verb for verb, term in TERMS.items() if term.family.kind is kind)


BARE = frozenset(verb for verb, term in TERMS.items() if term.family.bare)

WORDS: Mapping[str, Iterable[str]] = {sign: {sign} for sign in SIGNS} | {
    # What parts clauses; by which of them the same one goes on, and after what somebody else may.
    "BREAK": OPENING,
    "LINK": OPENING - {"START", "."},
    "JOINT": {",", "and", "then"},
    "THEN": grammar.THEN,
    "SAME": (BREAKS - NEW_SUBJECTS) | {"while", "which"},
    "NEW_SUBJECT": NEW_SUBJECTS,
    # Who acts, and small words that say nothing of who it is.
    "CAMERA": grammar.CAMERAS,
    "NOBODY": {"YOU", "THING"},
    "CAMERA_ITSELF": (grammar.CAMERAS - grammar.MOVE_NOUNS) | {"camera"},
    "DEVICE": grammar.DEVICES,
    "COMMANDER": grammar.COMMANDERS - PASSED_OVER,
    "PRONOUN": grammar.PRONOUNS - {"it"},
    "POSSESSIVE": grammar.POSSESSIVES,
    "ARTICLE": grammar.ARTICLES,
    "DETERMINER": grammar.DETERMINERS,
    "PREPOSITION": grammar.PREPOSITIONS,
    "BY": grammar.BY - grammar.ARTICLES,
    "SMALL": SMALL,
    "LEAD": SMALL | grammar.CAMERAS | {"YOU", "THING", "to", "back", "also"},
    # How: `PACE` is speed and degree; `PLAIN` small words have none.
    "HOW": MODIFIERS,
    "ADVERB": MODIFIERS - grammar.FLAT,
    "PACE": PACE,
    "ASIDE": MODIFIERS | PASSED_OVER,
    "PLAIN": SMALL - PACE,
    "SETTING": grammar.SETTINGS,
    # Verbs by their forms, by how sure they are (`SURE` ones need no direction), by what they mean.
    "VERB": VERBS,
    "DEED": VERBS - HEADINGS.keys(),
    "ACT": VERBS | {"STATIC", "HANDHELD"},
    "BASE": of_form(Form.BASE),
    "THIRD": of_form(Form.THIRD),
    "GERUND": of_form(Form.GERUND),
    "PAST": of_form(Form.PAST),
    "FILM": of_kind(Kind.FILM),
    "RIG": of_kind(Kind.RIG),
    "BODY": of_kind(Kind.BODY),
    "SURE": frozenset(verb for verb, term in TERMS.items() if term.family.default),
    "BARE_RIG": of_kind(Kind.RIG) & BARE - verbs(lexicon.PUSH, lexicon.PULL),
    "BARE_BODY": of_kind(Kind.BODY) & BARE,
    "EFFECT": verbs(lexicon.PARALLAX, lexicon.KEN_BURNS),
    "PAN": verbs(lexicon.PAN),
    "TILT": verbs(lexicon.TILT),
    "PUSH": verbs(lexicon.PUSH, lexicon.PULL),
    "MOVE": verbs(lexicon.MOVE),
    "TURN": verbs(lexicon.MOVE, lexicon.TURN, lexicon.SPIN),
    "WALK": verbs(lexicon.WALK),
    "CLIMB": verbs(lexicon.RISE, lexicon.SINK, lexicon.DIVE),
    "CIRCLE": verbs(lexicon.ORBIT, lexicon.CIRCLE, lexicon.SPIN, lexicon.ROLL, lexicon.PARALLAX),
    "PURPOSE": frozenset(verb for verb, term in TERMS.items() if term.family.weak),
    # What ends the words of a verb, and what already ends the search for its direction.
    "END": ENDS,
    "DOING": DOING,
    "LIMIT": ENDS | DOING,
    # Where to; `SETTLED` may follow a direction that stands for itself.
    "WAY": HEADINGS,
    "SIDE": words_to(SIDES),
    "ROUND": words_to(ROUND),
    "ALONE": words_to(SIDES | {"in", "out"}),
    "SIDEWARD": frozenset(
        word
        for word, way in HEADINGS.items()
        if word == way in ROUND or word.endswith(("ward", "wards"))
    )
    - {"toward", "towards"},
    "PUSHED": "in out back away up down".split(),
    "NOW": grammar.RIGHT_AS_AN_ADVERB - BREAKS,
    "PATH": grammar.SETTLING,
    "SETTLED": grammar.SETTLING | ENDS - VERBS | SIDES,
    "ONWARD": (SMALL | grammar.ONWARD | grammar.DEVICES | {"YOU", "THING"})
    - grammar.NEGATORS
    - {"NOT"},
    # How the camera is held, what is shown of a thing, and how much of it.
    "UNMOVING": grammar.STILL_WORDS,
    "STILL": grammar.STILL_WORDS | grammar.STILL_OF_CAMERA,
    "KEEP": grammar.KEEPS,
    "LINGER": grammar.LINGERS,
    "LOCK": grammar.LOCKS,
    "SHAKY": grammar.SHAKY,
    "HELD": grammar.HELD,
    "WHOLE": grammar.WHOLE,
    "UNHELD": OPENING | PASSED_OVER | MODIFIERS | {"ELSE"},
    "MOVE_NOUN": grammar.MOVE_NOUNS - HEADINGS.keys(),
    "TURNTABLE": grammar.TURNTABLES,
    "CLOSE": framing("close"),
    "WIDE": framing("wide"),
    "DEPARTING": grammar.DEPARTS,
    "ARRIVING": grammar.ARRIVES,
    # What forbids, what may be forbidden, and what belongs to it.
    "NEGATOR": grammar.NEGATORS,
    "WEATHER": WEATHER,
    "OF_CAMERA": VERBS | grammar.STILL_WORDS,
    "WISH": VERBS
    | grammar.STILL_WORDS
    | grammar.STILL_OF_CAMERA
    | grammar.SHAKY
    | WEATHER.keys()
    | {"handheld"},
    "BELONGING": grammar.MOVE_NOUNS
    | grammar.CAMERAS
    | MODIFIERS
    | grammar.ARTICLES
    | HEADINGS.keys()
    | {"TO"},
    # No deeds, whatever their end; no pattern names them.
    "NO_DEED": grammar.SCENE_GERUND_EXCEPTIONS,
}
CLASSES = classes_of(WORDS)

# Parts of patterns that come again and again.
DIRECTED = "[^END TO]* TO"
"""What follows a verb that has a direction."""
MOVING = f"(?: SURE | VERB {DIRECTED})"
"""What moves the camera if it is said of it."""
OBJECT = "(?: TO? PUSHED)? DETERMINER [^CAMERA BREAK]"
"""What follows a verb that is done to a thing: `pull back the curtain`."""
