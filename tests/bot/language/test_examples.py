"""What menus, notes and examples say is understood in every language as its English is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.language.catalogue import LOCALES, Catalogue, load_texts
from bot.language.reasons import noted
from generation.choices import chosen_first, nothing_asked
from generation.directions.describe import described
from generation.directions.parse import parse, refused
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed

TEXTS = load_texts()


def shot(motion: Motion, speed: Speed = Speed.NORMAL, degree: Degree = Degree.NORMAL) -> Directions:
    return Directions(((Move(motion, speed, degree),),))


EXAMPLES = {
    "notes.example.zoom_and_snow": replace(
        shot(Motion.ZOOM_IN, Speed.SLOW), effects=(Effect.SNOW,)
    ),
    "page.example": shot(Motion.PAN_RIGHT, Speed.SLOW),
    "discord.form.example": shot(Motion.PAN_RIGHT, Speed.SLOW),
    "discord.option.prompt.says": shot(Motion.PAN_RIGHT, Speed.SLOW),
    "telegram.help": Directions(),
}
"""Every sentence with an example in it, and what the example asks for."""

MANNERS = (
    (Speed.NORMAL, Degree.NORMAL),
    (Speed.SLOW, Degree.NORMAL),
    (Speed.QUICK, Degree.NORMAL),
    (Speed.NORMAL, Degree.SLIGHT),
    (Speed.NORMAL, Degree.STRONG),
)
OPTIONS = re.compile(r".*effect=rain ", re.DOTALL)


def example(catalogue: Catalogue, key: str) -> str:
    """As somebody would type it: on Telegram what stands behind the options."""
    return OPTIONS.sub("", catalogue.sentence(key))


def test_every_example_of_a_prompt_is_known_here() -> None:
    english = TEXTS.of("en")
    found = {key for key in english.keys if key.endswith("example") or ".example." in key}
    found |= {key for key in english.keys if OPTIONS.match(english.sentence(key))}
    found |= {key for key in english.keys if "the waves roll in" in english.sentence(key)}
    assert found == EXAMPLES.keys()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_example_is_understood(locale: str) -> None:
    catalogue = TEXTS.of(locale)
    for key, asked in EXAMPLES.items():
        assert parse(example(catalogue, key)) == asked, key


@pytest.mark.parametrize("locale", LOCALES)
def test_a_menus_names_and_a_notes_words_are_understood(locale: str) -> None:
    """Also as they stand under a clip: people copy them from there."""
    catalogue = TEXTS.of(locale)
    for effect in set(Effect) - {Effect.AUTO, Effect.NONE}:
        asked = Directions(effects=(effect,))
        names = [catalogue.say(f"{file}.effect.{effect}") for file in ("directions", "notes")]
        for words in [*names, *noted(catalogue, described(asked))]:
            assert parse(words) == asked, words
        [words] = noted(catalogue, described(Directions(), [effect]))
        assert (parse(words), refused(words)) == (Directions(), (effect,)), words
    for motion in set(Motion) - {Motion.AUTO}:
        assert parse(catalogue.say(f"directions.motion.{motion}")) == shot(motion)
        for speed, degree in MANNERS if motion is not Motion.STILL else MANNERS[:1]:
            asked = shot(motion, speed, degree)
            [words] = noted(catalogue, described(asked))
            assert parse(words) == asked, words


@pytest.mark.parametrize("locale", LOCALES)
def test_weather_comes_together_and_moves_one_after_the_other(locale: str) -> None:
    """A note says it so, and is read so."""
    catalogue = TEXTS.of(locale)
    at_once = catalogue.listed(["{first}", "{second}"])
    assert at_once != catalogue.sentence("notes.join.then")
    rain, fog = (catalogue.say(f"notes.effect.{effect}") for effect in (Effect.RAIN, Effect.FOG))
    both = Directions(effects=(Effect.RAIN, Effect.FOG))
    [words] = noted(catalogue, described(both))
    assert at_once.format(first=rain, second=fog) in words
    assert parse(words) == both


def test_of_words_that_ask_for_nothing_it_is_said_and_how_they_could() -> None:
    assert nothing_asked("she smiles", Motion.AUTO, Effect.AUTO)
    assert nothing_asked("she smiles", Motion.STILL, Effect.AUTO)
    assert not nothing_asked("she smiles", Motion.STILL, Effect.NONE)
    assert not nothing_asked("she smiles, it rains", Motion.AUTO, Effect.AUTO)
    for forbidden in ("kein Regen", "비 없이", "es schneit nicht mehr", "no camera movement"):
        assert not nothing_asked(forbidden, Motion.AUTO, Effect.AUTO), forbidden
    assert not nothing_asked(" ", Motion.AUTO, Effect.AUTO)
    [said] = noted(TEXTS.of("de"), nothing_asked("she smiles", Motion.AUTO, Effect.AUTO))
    assert said.endswith("so ginge es: „langsam heranzoomen, es schneit“.")


def test_that_a_choice_came_before_the_words_is_said_where_they_differ() -> None:
    for words, motion, effect in [
        ("no rain", Motion.AUTO, Effect.RAIN),
        ("it snows", Motion.AUTO, Effect.RAIN),
        ("it snows", Motion.AUTO, Effect.NONE),
        ("zoom in", Motion.PAN_LEFT, Effect.AUTO),
        ("zoom in, then pan left", Motion.PAN_LEFT, Effect.AUTO),
    ]:
        assert chosen_first(words, motion, effect), words
    for words, motion, effect in [
        ("no rain", Motion.AUTO, Effect.NONE),
        ("no rain", Motion.AUTO, Effect.AUTO),
        ("it rains", Motion.AUTO, Effect.RAIN),
        ("slowly pan left", Motion.PAN_LEFT, Effect.AUTO),
        ("she smiles", Motion.ZOOM_IN, Effect.SNOW),
    ]:
        assert not chosen_first(words, motion, effect), words
    [said] = noted(TEXTS.of("en"), chosen_first("no rain", Motion.AUTO, Effect.RAIN))
    assert said == "What you chose comes before what your prompt says."
