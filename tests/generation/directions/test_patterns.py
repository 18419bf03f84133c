"""Patterns of words: what each part of their language finds."""

from __future__ import annotations

import pytest

from generation.directions.patterns import classes_of, letters, pattern, rewritten, rows, words

CLASSES = classes_of({"CAMERA": ("camera", "drone"), "THE": ("the", "a")})


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("THE CAMERA", "see the drone fly", "the drone"),
        ("THE? CAMERA", "see drone fly", "drone"),
        ("pan left", "then pan left now", "pan left"),
        ("[CAMERA it] pans", "it pans", "it pans"),
        ("[^CAMERA it] pans", "it pans the man pans", "man pans"),
        ("(?<! THE) CAMERA", "the camera drone", "drone"),
        ("^ . {2} pans $", "somebody else pans", "somebody else pans"),
        ("THE .*? pan (?= left | right)", "a nice quick pan right", "a nice quick pan"),
        ("CAMERA pans", "the camera never pans", None),
        (
            "(?P<one> CAMERA) .* (?P=one)",
            "a drone see a camera a drone",
            "drone see a camera a drone",
        ),
        ("^ [^THE]+ $", "pan left \n the", "pan left"),
        ("^ THE CAMERA $", "a \n the drone \n pans", "the drone"),
    ],
)
def test_a_pattern_reads_words(text: str, words: str, found: str | None) -> None:
    said = words.split(" ")
    match = pattern(text, CLASSES).search(letters(said))
    assert (" ".join(said[match.start() : match.end()]) if match else None) == found


def test_a_row_puts_words_and_parts_in_the_place_of_what_it_finds() -> None:
    table = rows(
        [("slowly the drone", "(how: slowly) THE CAMERA", "camera {how}"), ("left", "left", "")],
        CLASSES,
    )
    said = rewritten(letters("slowly the drone xylophones left".split()), table)
    assert words(said) == ["camera", "slowly", "_s"]


def test_what_no_pattern_names_is_one_letter() -> None:
    assert len(set(letters(["xylophone", "zeppelin"]))) == 1
