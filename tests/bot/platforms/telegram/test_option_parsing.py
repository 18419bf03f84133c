"""Options as phones, autocorrections and clipboards write them; what is none of ours is said."""

from __future__ import annotations

import pytest

from bot.platforms.telegram.option_parsing import EXAMPLES, BadOption, parse_options
from bot.submission.options import Options
from generation.directions.vocabulary import Effect, Motion

SEA = Options("the sea", seconds=4.0)
QUOTES = ('""', "“”", "„“", "«»", "»«", "‹›", "「」", "『』", "＂＂", "‘’", "''")
QUIET = Options("the sea", negative_prompt="no people")


@pytest.mark.parametrize(
    "text",
    [
        "seconds=4 the sea",
        "the sea seconds=4",
        "Seconds=4 the sea",
        "the sea SECONDS=4.0",
        "seconds = 4 the sea",
        "seconds= 4, the sea",
        "seconds:4 the sea",
        "seconds=4s the sea",
        "seconds=4,0 the sea",
        "seconds\uff1d\uff14 the sea",
        "\u200eseconds=4\u200f the\u00a0sea",
        "\u2068seconds=4\u2069\u202fthe\u2003sea",
        "the seconds=4 sea",
        "seconds=9 the sea seconds=4",
        "the sea\nseconds=4",
        "--seconds=4 the sea",
        "—seconds=4 the sea",
        "the sea,seconds=4",
        "the sea (seconds=4)",
        "“seconds=4” the sea",
        "*seconds=4* the sea",
        "•seconds=4 the sea",
        "Seconds: 4 the sea",
        "seconds：4 the sea",
        "seconds==4 the sea",
        "seconds  = 4 the sea",
        "seconds≈4 the sea",
        "seconds=4 s the sea",
        "Seconds: 4 sec, the sea",
        "the sea seconds=4.",
    ],
)
def test_an_option_is_known_however_it_was_typed(text: str) -> None:
    assert parse_options(text) == SEA


@pytest.mark.parametrize("value", [f"{one[0]}no people{one[1]}" for one in QUOTES])
@pytest.mark.parametrize("place", ["negative={} the sea", "the sea Negative={}"])
def test_quotes_of_every_keyboard_hold_words_together(value: str, place: str) -> None:
    assert parse_options(place.format(value)) == QUIET


def test_dashes_signs_and_spaces_that_keyboards_put_in_are_read_as_meant() -> None:
    assert parse_options("motion=Pan–Left x").motion is Motion.PAN_LEFT
    assert parse_options("motion=zoom_in x").motion is Motion.ZOOM_IN
    assert parse_options("effect=Rain x").effect is Effect.RAIN
    assert parse_options("size=704×480 x").size == "704x480"
    assert parse_options("seed=−1 x").seed == -1
    for glued in ("seconds=4,motion=pan-left", "seconds=4;--motion=pan-left"):
        assert parse_options(f"{glued} x") == Options("x", seconds=4.0, motion=Motion.PAN_LEFT)


def test_a_number_behind_motion_says_how_much_of_it() -> None:
    assert parse_options("motion=3 x") == Options("x", motion_strength=3)
    both = Options("x", motion=Motion.PAN_LEFT, motion_strength=0)
    assert parse_options("motion=pan-left motion=0 x") == both
    assert parse_options("motion_strength=0 motion=pan-left x") == both


@pytest.mark.parametrize(
    "words",
    [
        "the waves = high",
        "E=mc2 on a board",
        "a sign says foo=bar and glows",
        "it's 4:3",
        "Scene: a boat",
        "time: night",
        "Motion: slow and calm",
        "Effect: rain falls on the roof",
        "Size: huge",
        "Negative: no people",
        "Steps: 3 people climb",
        "the seconds pass",
    ],
)
def test_words_that_only_look_like_an_option_stay_words(words: str) -> None:
    assert parse_options(words) == Options(words)


@pytest.mark.parametrize(
    ("text", "option", "near"),
    [
        ("secnds=4 the sea", "secnds=4", "seconds=4"),
        ("the sea moton=pan-left", "moton=pan-left", "motion=pan-left"),
        ("a Efect=rain b", "Efect=rain", "effect=rain"),
        ("num_frames=25 the sea", "num_frames=25", "frames=25"),
        ("length=4 the sea", "length=4", "seconds=4"),
        ("motion=panleft the sea", "motion=panleft", "motion=pan-left"),
        ("effect=hail the sea", "effect=hail", "effect=rain"),
        ("seconds=long the sea", "seconds=long", "seconds=4"),
        ("the sea frames=1.5", "frames=1.5", "frames=97"),
        ("seed=x", "seed=x", "seed=7"),
        ("the sea seconds=", "seconds=", "seconds=4"),
        ("the sea --weather=rain", "--weather=rain", "effect=rain"),
        ('negative="no people the sea', 'negative="no', 'negative="no people"'),
        ("colour=red the sea", "colour=red", None),
        ("das Meer Sekunden=4", "Sekunden=4", None),
    ],
)
def test_what_is_not_understood_is_said_with_the_right_spelling(
    text: str, option: str, near: str | None
) -> None:
    with pytest.raises(BadOption) as said:
        parse_options(text)
    assert (said.value.option, said.value.near) == (option, near)


def test_every_example_that_is_shown_is_understood() -> None:
    everything = " ".join(f"{name}={value}" for name, value in EXAMPLES.items())
    options = parse_options(everything)
    assert options.prompt == ""
    assert (options.motion, options.effect, options.num_frames) == ("pan-left", "rain", 97)
    assert (options.negative_prompt, options.size) == ("no people", "704x480")
