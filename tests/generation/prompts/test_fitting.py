"""A model that reads little is told the camera and the weather first."""

from __future__ import annotations

import re

import pytest

from generation.directions.parse import directions_for, parse, refused
from generation.directions.sentences import LIVELINESS, effective_prompt, lively
from generation.directions.vocabulary import Directions, Effect, Motion
from generation.prompts.fitting import Fitted, fitted
from generation.prompts.prompt_help import words_within
from generation.prompts.shortening import begun, ended, pieces
from generation.prompts.template import CONTINUOUS, templated

CAMERA = "The camera pans slowly to the left."
SNOW = "It begins to snow."
LONG = "Eine Frau geht durch die Stadt. Sie trägt einen roten Mantel und lacht, " + "ja " * 60


def within(words: int, text: str, asked: Directions) -> Fitted:
    return fitted(text, asked, lambda it: len(it.split()) <= words)


def wished(words: str = "", motion: Motion = Motion.PAN_LEFT) -> Directions:
    return directions_for(words, motion, Effect.SNOW)


def test_what_fits_stays_as_it_is() -> None:
    text = templated("waves", Motion.PAN_LEFT, Effect.SNOW)
    assert within(100, text, wished("waves")) == Fitted(text, False)


def test_our_own_embellishment_goes_first_and_nobody_is_told_of_it() -> None:
    text = templated("waves roll in", Motion.PAN_LEFT, Effect.SNOW)
    assert CONTINUOUS in text
    assert within(15, text, wished()) == Fitted(f"waves roll in. {CAMERA} {SNOW}", False)
    nothing = templated("", Motion.PAN_LEFT, Effect.SNOW)
    assert within(11, nothing, wished()) == Fitted(f"{CAMERA} {SNOW}", False)


@pytest.mark.parametrize("most", [11, 14, 20, 40, 70])
@pytest.mark.parametrize("write", [templated, effective_prompt])
def test_of_words_the_end_goes_and_the_wishes_stay(most: int, write: object) -> None:
    assert callable(write)
    text = lively(write(LONG, Motion.PAN_LEFT, Effect.SNOW), 4 if most > 20 else None)
    cut = within(most, text, wished())
    assert cut.left_out
    assert len(cut.text.split()) <= most
    assert f"{CAMERA} {SNOW}" in cut.text
    assert (LIVELINESS[4] in cut.text) == (most > 20)
    assert cut.text.startswith("Eine Frau" if most > 12 else CAMERA)


def test_what_a_language_model_says_of_the_camera_at_the_end_is_said_in_short() -> None:
    answer = (
        f"A woman walks through the city. {'She smiles. ' * 40}Snow falls. The camera pans left."
    )
    cut = within(30, answer, wished("schwenk nach links, es schneit", Motion.AUTO))
    assert cut.text.endswith(f"{CAMERA} {SNOW}")
    assert len(cut.text.split()) <= 30


def tokens(text: str) -> int:
    """As a tokenizer counts that knows no Chinese words."""
    return len(re.findall(r"[\u3000-\u9fff]|\w+|[^\w\s]", text))


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("小狗在草地上奔跑然后看着天空" * 20, "小狗在草地上奔跑"),
        ("小狗在草地上奔跑，然后看着天空。" * 20, "小狗在草地上奔跑，然后看着天空。"),
        ("猫不在沙发上睡觉" * 30, "猫不在沙发上睡觉猫"),
        ("犬が草の上を走って空を見上げる" * 20, "犬が草の上を走って"),
        ("x" * 5000, "xxx"),
    ],
)
def test_words_without_spaces_lose_their_end_only(words: str, begins: str) -> None:
    asked = directions_for("", Motion.TILT_UP, Effect.AUTO)
    text = templated(words, Motion.TILT_UP, Effect.AUTO)
    cut = fitted(text, asked, lambda it: tokens(it) + len(it) // 20 <= 90)
    assert cut.text.startswith(begins)
    assert cut.text.endswith("The camera tilts slowly up.")
    assert len(cut.text) > 80


@pytest.mark.parametrize("most", range(8, 100, 7))
@pytest.mark.parametrize(
    ("words", "ruled_out"),
    [
        (f"{'The cat sleeps on the red sofa. ' * 8}No rain, no fog.", (Effect.RAIN, Effect.FOG)),
        (
            f"{'The cat sleeps on a sofa and ' * 12}the sky shall never bring any rain",
            (Effect.RAIN,),
        ),
        (f"{'Die Katze schläft, ' * 30}und Schnee soll es nicht geben.", (Effect.SNOW,)),
        (f"{'猫在沙发上睡觉，' * 30}不要下雨", (Effect.RAIN,)),
    ],
)
def test_what_the_words_rule_out_stays_ruled_out(
    words: str, ruled_out: tuple[Effect, ...], most: int
) -> None:
    asked = directions_for(words, Motion.AUTO, Effect.AUTO)
    cut = fitted(words, asked, lambda it: tokens(it) <= most)
    assert tokens(cut.text) <= most
    assert refused(cut.text) == ruled_out
    assert parse(cut.text).effects == ()


def test_a_text_is_not_cut_where_its_rest_would_have_turned_it() -> None:
    words = "The cat sleeps on the red sofa, and the sky shall never bring any rain at all."
    assert begun(pieces(words), 13) == "The cat sleeps on the red sofa"
    assert begun(pieces("雨が降ったり雪が降ったりして、とても霧がかかることはない"), 24) == (
        "雨が降ったり雪が降ったりして"
    )


@pytest.mark.parametrize(
    ("words", "count", "cut"),
    [
        ('He says: "I love you very much', 5, 'He says: "I love you"'),
        ('He says "I love you. And you too', 6, 'He says "I love you."'),
        ("Er sagt: „Ich liebe dich sehr“", 4, "Er sagt: „Ich liebe“"),
        ("Sie sagt „Ja“ und geht mit ihm", 5, "Sie sagt „Ja“ und geht"),
        ("Elle dit « je t'aime » et rit", 4, "Elle dit « je »"),
        ("她说「我爱你很多」", 5, "她说「我爱」"),
    ],
)
def test_a_quote_that_was_opened_is_closed(words: str, count: int, cut: str) -> None:
    assert begun(pieces(words), count) == cut


@pytest.mark.parametrize("text", ['I say "yes."', "Ich sage „Ja!“", "我说「好。」", "“Yes…”"])
def test_a_sentence_ends_within_a_quote(text: str) -> None:
    assert ended(text) == text
    assert ended("I say “yes”") == "I say “yes”."


def test_an_answer_is_asked_for_that_fits() -> None:
    assert [words_within(tokens) for tokens in (128, 256, 1024)] == [70, 120, 120]
