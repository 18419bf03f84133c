"""The parser's promises: it never fails, always says the same, and takes no longer than it must."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.directions.lexicon import TERMS
from generation.directions.parse import directions_for, parse, refused
from generation.directions.shots import MOST_MOVES
from generation.directions.sky import WEATHER
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed
from generation.directions.words import spelling
from tests.generation.directions.test_prompts import corpus

WRITTEN = [told["prompt"] for part in ("seen", "held_out") for told in corpus(part)]
FILM_WORDS = sorted(
    {*spelling()[0], *TERMS, *WEATHER, "no", "not", "_", "happy", "dog", "1.", "->"}
)
HOSTILE = [
    "a", "o", "no ", "no rain, ", "no rain or ", "not, ", "slow ", "slow, ", "camera ", "camera, ",
    "the camera slowly ", "and ", "pan left and ", "pan, ", "pan from left to ", "then ", "rain ",
    'says "', "says '", '"', "'", ">", "-", "- ", "1. ", ". ", ", ", "it ", "close to wide from ",
    "from wide to ", "keep still ", "tracking shot ",
    "never push then truck then ", "ends in never reveal ",
    "raining very ", "🌧", "\u0130", "\u0301",
    "\ufdfa", "\x00", "\ud800", "links ", "auf haus ", "左に",
]  # fmt: skip


@given(st.text(max_size=2000))
@settings(max_examples=60, deadline=None)
def test_no_text_makes_it_fail(text: str) -> None:
    assert parse(text) == parse(text)


@given(st.lists(st.sampled_from(FILM_WORDS), max_size=40).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_no_heap_of_film_words_makes_it_fail(text: str) -> None:
    understood = parse(text)
    assert Motion.AUTO not in {move.motion for shot in understood.shots for move in shot}
    assert {Effect.AUTO, Effect.NONE}.isdisjoint(understood.effects)
    assert all(understood.shots)


@given(st.sampled_from(WRITTEN), st.sampled_from([" ", "  ", "\t", " \t "]), st.randoms())
@settings(max_examples=60, deadline=None)
def test_case_and_spacing_change_nothing(text: str, gap: str, random: st.DataObject) -> None:
    letters = [letter.upper() if at % 3 else letter.lower() for at, letter in enumerate(text)]
    assert parse(gap + "".join(letters).replace(" ", gap) + gap) == parse(text)


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_prompt_takes_long(piece: str) -> None:
    longest = piece * (2_000 // len(piece))
    assert seconds_for(longest) < 0.05
    assert seconds_for(longest * 100) < 0.1


def test_of_more_moves_than_a_clip_has_room_for_the_first_are_taken() -> None:
    understood = parse("pan left. pan right. " * 40 + "it rains")
    moves = [move.motion for shot in understood.shots for move in shot]
    assert moves == [Motion.PAN_LEFT, Motion.PAN_RIGHT] * (MOST_MOVES // 2)
    assert understood.effects == (Effect.RAIN,)


def seconds_for(text: str) -> float:
    def once() -> float:
        begun = time.process_time()
        parse(text)
        return time.process_time() - begun

    return min(once() for _ in range(3))


@pytest.mark.parametrize(
    ("prompt", "motions"),
    [
        ("zoom in on the small dog", "zoom-in"),
        ("pan left past a fast car", "pan-left"),
        ("it snows. Zooming in on the house.", "zoom-in"),
        ("orbit left, then right", "orbit-left orbit-right"),
        ("make it static please", "still"),
        ("turn the knob to the left", ""),
        ("right, the dog barks", ""),
        ("from left to right", "pan-right"),
        ("dwon slowly lol", "tilt-down"),
    ],
)
def test_each_of_these_needs_a_rule_of_its_own(prompt: str, motions: str) -> None:
    moves = [move for shot in parse(prompt).shots for move in shot]
    assert [move.motion for move in moves] == motions.split()
    assert {move.degree for move in moves} <= {Degree.NORMAL}


def test_a_choice_by_name_comes_before_the_words() -> None:
    assert directions_for("zoom out, it rains", Motion.PAN_LEFT, Effect.SNOW) == Directions(
        ((Move(Motion.PAN_LEFT),),), (Effect.SNOW,)
    )


def test_a_chosen_motion_keeps_the_adverbs_of_the_words() -> None:
    slowly = directions_for("very slowly and slightly zoom out", Motion.PAN_LEFT, Effect.AUTO)
    assert slowly.shots == ((Move(Motion.PAN_LEFT, Speed.SLOW, Degree.SLIGHT),),)


def test_a_chosen_effect_leaves_the_camera_to_the_words() -> None:
    assert directions_for("tilt up", Motion.AUTO, Effect.FOG) == Directions(
        ((Move(Motion.TILT_UP),),), (Effect.FOG,)
    )


def test_without_a_choice_the_words_decide() -> None:
    for prompt in WRITTEN:
        assert directions_for(prompt, Motion.AUTO, Effect.AUTO) == parse(prompt)


def test_none_is_none_whatever_the_words_say() -> None:
    assert directions_for("tilt up in the rain", Motion.AUTO, Effect.NONE) == Directions(
        ((Move(Motion.TILT_UP),),), ()
    )


@pytest.mark.parametrize(
    ("prompt", "wished", "ruled_out"),
    [
        ("the rain stops", (), (Effect.RAIN,)),
        ("the rain stops and snow falls", (Effect.SNOW,), (Effect.RAIN,)),
        ("the rain has stopped, night falls", (Effect.NIGHT,), (Effect.RAIN,)),
        ("the snow has melted and the fog is gone", (), (Effect.SNOW, Effect.FOG)),
        ("rain is over, fog and snow", (Effect.SNOW, Effect.FOG), (Effect.RAIN,)),
        ("the rain is over the hill", (Effect.RAIN,), ()),
        ("the rain never stops", (Effect.RAIN,), ()),
        ("until the rain stops", (), ()),
    ],
)
def test_weather_that_is_over_is_ruled_out(
    prompt: str, wished: tuple[Effect, ...], ruled_out: tuple[Effect, ...]
) -> None:
    assert set(parse(prompt).effects) == set(wished)
    assert set(refused(prompt)) == set(ruled_out)
