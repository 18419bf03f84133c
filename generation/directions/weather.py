"""Finds the weather and the hour of the day that somebody wishes for."""

from __future__ import annotations

from collections.abc import Sequence

from generation.directions.classes import CLASSES
from generation.directions.grammar import ARTICLES, COMMANDERS, MODIFIERS, TRANSPARENT
from generation.directions.lexicon import TERMS, Form
from generation.directions.patterns import UNKNOWN_S, Row, classes_of, rewritten, rows, words
from generation.directions.sky import WEATHER
from generation.directions.vocabulary import Effect

OF_WEATHER = {
    "POURS": {"POURS"},
    "POURED": "rains raining snows snowing".split(),
    "NOT_WATER": "petals money confetti fire gold blood hearts ash arrows candy stars coins glitter"
    " leaves men frogs bullets cash meatballs".split(),
    "IMPERSONAL": ARTICLES | TRANSPARENT | MODIFIERS | COMMANDERS | {"it", "heavy", "pouring"},
    "OVER": "stops stop stopped stopping ends ended clears cleared disperses"
    " dissipates disappears vanishes melts".split(),
    "FALLING": {word for word, what in WEATHER.items() if what in (Effect.RAIN, Effect.SNOW)},
    "BREAKS": "breaks comes arrives approaches rises".split(),
    "ACTS": {UNKNOWN_S, "is", "has", "was"}
    | {verb for verb, term in TERMS.items() if term.form is Form.THIRD},
}
MEANT = rows(
    [
        (
            "the rain ends and the sun comes out",
            "WEATHER OVER",
            "_",
        ),
        (
            "sun comes out after heavy rain",
            "[after before] [ARTICLE HOW heavy]* FALLING",
            "_",
        ),
        (
            "they storm off",
            "storm [into off away]",
            "_",
        ),
        (
            "it rains confetti",
            "(?: POURED | rain (?= down)) (?= down? NOT_WATER)",
            "_",
        ),
        (
            "it is raining",
            "(before: [BREAK ELSE] IMPERSONAL*) (what: POURED | rain (?= down))",
            "{before} POURS {what}",
        ),
        (
            "confetti rains on the crowd",
            "(?<! POURS) (?: POURED | rain (?= down))",
            "_",
        ),
        (
            "Dawn smiles and waves",
            "dawn (?! BREAKS) ACTS",
            "_",
        ),
    ],
    {**CLASSES, **classes_of(OF_WEATHER)},
)


def effects_in(wished: str, table: Sequence[Row] = MEANT) -> tuple[Effect, ...]:
    """In the order in which they are asked for."""
    said = words(rewritten(wished, table))
    return tuple(dict.fromkeys(WEATHER[word] for word in said if word in WEATHER))
