"""Every row of the reader's tables is there for its example, and decides it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

import pytest

from generation.directions import classes, heading, patterns, shots, translate, weather
from generation.directions.parse import parse
from generation.directions.patterns import Row, letters, words
from generation.directions.phrasebook import LANGUAGES, phrasebook
from generation.directions.reading import CAMERA, NEGATION, Pass, camera_signs, wishes
from generation.directions.shots import shots_of
from generation.directions.vocabulary import Directions
from generation.directions.words import words_of

ROWS = [row for table, _ in (*NEGATION, *CAMERA, (weather.MEANT, 1)) for row in table]
EXAMPLES = sorted({row.example for row in ROWS})


def read_without(prompt: str, example: str) -> Directions:
    """As if the row with this example were not there."""

    def others(rows: Sequence[Row]) -> list[Row]:
        return [row for row in rows if row.example != example]

    def left(passes: Sequence[Pass]) -> list[Pass]:
        return [(others(rows), times) for rows, times in passes]

    wished = wishes(words_of(prompt), left(NEGATION))
    shots = shots_of(camera_signs(wished, left(CAMERA)))
    return Directions(shots, weather.effects_in(wished, others(weather.MEANT)))


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_decided_by_its_own_row(example: str) -> None:
    assert read_without(example, example) != read_without(example, "") == parse(example)


def test_only_rows_that_are_made_for_several_families_share_an_example() -> None:
    alone = [row.example for row in ROWS if row not in heading.COUNTED]
    assert len(alone) == len(set(alone))


def test_what_is_put_among_the_words_is_a_sign_that_patterns_know() -> None:
    put = {word for row in ROWS for word in words(re.sub(r"\\g<\w+>", "", row.instead))}
    assert {word for word in put if word.isupper()} <= classes.SIGNS | {"POURS"}


def unheard_of(rows: Sequence[Row], *others: re.Pattern[str]) -> set[str]:
    """Words of patterns that are in no table and that no language says: slips, most of them."""
    put = {sign for row in rows for sign in row.pattern.pattern + row.instead}
    put |= {sign for other in others for sign in other.pattern}
    tables = chain.from_iterable([*classes.WORDS.values(), *weather.OF_WEATHER.values()])
    said = chain.from_iterable(phrasebook(language).means.values() for language in LANGUAGES)
    known = {
        *tables,
        *" ".join(said).replace("=", "").split(),
        *patterns.words(letters(["x", "xs"])),
    }
    return set(words(sign for sign in put if ord(sign) >= patterns.FIRST_LETTER)) - known


def test_every_word_of_a_row_is_one_that_is_known() -> None:
    others = [said for said, _ in translate.ROWS]
    assert unheard_of(ROWS, shots.MOVES, shots.HOW, *others) == set()


def test_a_slip_in_a_row_is_told() -> None:
    slip = patterns.rows([("the camera pans", "CAMERA pams (?! left)", "drfit")], classes.CLASSES)
    assert unheard_of(slip) == {"pams", "drfit"}


def test_a_class_that_is_not_there_is_told() -> None:
    with pytest.raises(KeyError, match="CAMRA"):
        patterns.pattern("CAMRA pans", classes.CLASSES)
