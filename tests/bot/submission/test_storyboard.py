"""What people write as a storyboard, and which picture each scene has."""

from __future__ import annotations

import pytest

from bot.submission.options import Options
from bot.submission.storyboard import laid_out, lines_of, timed


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("the sea\nthe storm", ["the sea", "the storm"]),
        ("\n\n1. the sea\n\n2) the storm\n(3) calm", ["the sea", "the storm", "calm"]),
        ("- the sea\n• the storm\n3、静か", ["the sea", "the storm", "静か"]),
        ("the sea | the storm", ["the sea", "the storm"]),
        ("1.\n2. the storm", ["", "the storm"]),
        ("3 ships sail\n2.5 of them sink", ["3 ships sail", "2.5 of them sink"]),
        ("well-known faces\n-5 degrees", ["well-known faces", "-5 degrees"]),
        ("Scene 1: the sea\nScene 2 – the storm\nScene 3", ["the sea", "the storm", ""]),
        ("Szene 1. das Meer\nSCÈNE 2 : la mer\nСцена 3: море", ["das Meer", "la mer", "море"]),
        ("場面1：海\n镜头 2、海\n장면 3: 바다", ["海", "海", "바다"]),
        ("1️⃣ the sea\n2️⃣ the storm\n🔟 calm", ["the sea", "the storm", "calm"]),
        ("#1 the sea\n[2] the storm\n3 – calm", ["the sea", "the storm", "calm"]),
        ("👉 the sea\n→ the storm\n١. البحر", ["the sea", "the storm", "البحر"]),
        (
            "Scene 2 opens\nplan B: rain\n12-year-olds",
            ["Scene 2 opens", "plan B: rain", "12-year-olds"],
        ),
        ("10:30 at night\n#summer at sea", ["10:30 at night", "#summer at sea"]),
        (" \n ", []),
    ],
)
def test_a_line_is_a_scene_however_its_list_is_written(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


@pytest.mark.parametrize(
    ("line", "words", "seconds"),
    [
        ("the sea (4 s)", "the sea", 4.0),
        ("the sea (2,5 sec.)", "the sea", 2.5),
        ("静かな海（4秒）", "静かな海", 4.0),
        ("das Meer (2 Sekunden)", "das Meer", 2.0),
        ("la mer (1,5 seconde).", "la mer", 1.5),
        ("el mar (3 segundos)", "el mar", 3.0),
        ("море (2 секунды)", "море", 2.0),
        ("البحر (٢ ث)", "البحر", 2.0),
        ("the sea, 4 s", "the sea", 4.0),
        ("the sea – 2.5 sec", "the sea", 2.5),
        ("it takes 4 s", "it takes 4 s", None),
        ("the sea (4)", "the sea (4)", None),
        ("the sea (4 s) rises", "the sea (4 s) rises", None),
    ],
)
def test_a_length_stands_behind_the_words(line: str, words: str, seconds: float | None) -> None:
    assert timed(Options(line)) == Options(words, seconds=seconds)


def test_one_line_is_for_all_pictures_and_a_line_without_one_goes_on() -> None:
    sea, storm, rest = Options("sea"), Options("storm"), Options(seconds=3)
    assert laid_out([sea], ["a", "b"], rest) == [(sea, "a"), (sea, "b")]
    assert laid_out([sea, storm], ["a"], rest) == [(sea, "a"), (storm, None)]
    assert laid_out([sea, storm], ["a", None, "c"], rest) == [
        (sea, "a"),
        (storm, None),
        (rest, "c"),
    ]
