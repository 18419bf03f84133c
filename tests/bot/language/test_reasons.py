"""Every reason and every note is said in every language, with exactly the facts it comes with."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import get_args, get_type_hints

import pytest
from structlog.testing import capture_logs

from bot.language.catalogue import LOCALES, Catalogue, load_texts
from bot.language.reasons import failed, note_said, noted, refusal
from generation.directions.describe import described
from generation.directions.parse import parse
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Move, Speed
from generation.errors import (
    AnimationError,
    InvalidImage,
    InvalidPrompt,
    Misconfigured,
    NotAllowed,
    OperatorError,
    QuotaExceeded,
    UnsupportedOption,
)
from generation.events import Failed
from generation.facts import Fact
from generation.media.errors import DiskFull, EncodingFailed
from generation.notes import CODES, Note

TEXTS = load_texts()
EXAMPLES: dict[str, Fact] = {"retry_after": 310.0, "known": ("a", "b"), "effects": ("rain",)}
EXAMPLES |= {
    "shots": ("pan-left slow normal",),
    "flaw": "dark",
    "used": 3,
    "most": 3,
    "text": "As it was.",
}


def kinds(root: type[AnimationError] = AnimationError) -> Iterator[type[AnimationError]]:
    """The whole tree but what is said in English to operators alone."""
    for kind in root.__subclasses__():
        if not issubclass(kind, OperatorError):
            yield kind
            yield from kinds(kind)


def words(literal: object) -> set[str]:
    if isinstance(literal, str):
        return {literal}
    return {word for part in get_args(literal) for word in words(part)}


def reasons(kind: type[AnimationError]) -> set[str]:
    return words(get_type_hints(kind.__init__)["reason"])


def facts_of(kind: type[AnimationError], reason: str) -> set[str]:
    param = {"param"} if issubclass(kind, UnsupportedOption) else set()
    return {*kind.facts_of.get(reason, ()), *param}


CASES = [(kind, reason) for kind in kinds() for reason in sorted(reasons(kind))]


def filled(names: set[str]) -> dict[str, Fact]:
    return {name: EXAMPLES.get(name, 5) for name in names}


def placeholders(catalogue: Catalogue, key: str) -> set[str]:
    forms = catalogue.forms(key).values()
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def test_the_tree_is_walked_whole() -> None:
    assert {EncodingFailed, DiskFull, QuotaExceeded} <= set(kinds())
    assert len(CASES) > 90


def test_every_reason_has_its_sentence_and_no_sentence_is_without_a_reason() -> None:
    said = {key for key in TEXTS.of("en").keys if key.startswith("errors.")}
    general = {f"errors.{kind.code}.general" for kind in kinds()}
    assert said - general == {
        f"errors.{kind.code}.{reason}" for kind, reason in CASES if reason != "general"
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_every_reason_is_said_with_the_facts_it_comes_with(locale: str) -> None:
    catalogue = TEXTS.of(locale)
    for kind, reason in CASES:
        key, facts = f"errors.{kind.code}.{reason}", facts_of(kind, reason)
        assert placeholders(catalogue, key) <= facts, key
        sentence = failed(catalogue, Failed(kind.code, reason, filled(facts)))
        assert sentence.endswith((".", "。", "…")), key
        assert "{" not in sentence, key


def test_every_fact_belongs_to_a_reason() -> None:
    for kind in kinds():
        assert vars(kind).get("facts_of", {}).keys() <= reasons(kind), kind


@pytest.mark.parametrize("locale", LOCALES)
def test_every_note_is_said_with_the_facts_it_comes_with(locale: str) -> None:
    catalogue = TEXTS.of(locale)
    for code, names in CODES.items():
        said = note_said(catalogue, Note(code, **filled(set(names))))
        assert said, code
        assert "{" not in said, code
        if code != "plain":
            assert placeholders(catalogue, f"notes.{code}") == set(names), code


@pytest.mark.parametrize("locale", LOCALES)
def test_every_move_and_effect_has_a_name(locale: str) -> None:
    catalogue = TEXTS.of(locale)
    moves = [Move(motion, Speed.QUICK, Degree.STRONG) for motion in Motion]
    for move in moves:
        [said] = noted(catalogue, described(Directions(((move,),))))
        assert catalogue.sentence(f"notes.motion.{move.motion}") in said
        assert catalogue.sentence("notes.manner.quick") in said
    effects = tuple(one for one in Effect if one not in (Effect.AUTO, Effect.NONE))
    said_of_effects = " ".join(noted(catalogue, described(Directions(effects=effects))))
    for effect in effects:
        assert catalogue.sentence(f"notes.effect.{effect}") in said_of_effects


@pytest.mark.parametrize(
    ("prompt", "english", "german"),
    [
        (
            "slowly pan to the right, then zoom in, it rains",
            ["Camera: slow pan to the right, then zoom in.", "Weather: rain."],
            ["Kamera: Schwenk nach rechts (langsam), dann Heranzoomen.", "Wetter: Regen."],
        ),
        (
            "pan left and tilt up a bit",
            ["Camera: pan to the left and slight tilt up."],
            ["Kamera: Schwenk nach links und Schwenk nach oben (leicht)."],
        ),
        (
            "night falls, snow",
            ["Weather: snow.", "Light: night."],
            ["Wetter: Schnee.", "Licht: Nacht."],
        ),
        (
            "rain and fog, then it snows",
            ["Weather: rain, fog, and snow."],
            ["Wetter: Regen, Nebel und Schnee."],
        ),
    ],
)
def test_what_was_understood_is_said_in_the_language(
    prompt: str, english: list[str], german: list[str]
) -> None:
    notes = described(parse(prompt))
    assert noted(TEXTS.of("en"), notes) == english
    assert noted(TEXTS.of("de"), notes) == german


def test_a_refusal_is_exact_in_every_language() -> None:
    error = NotAllowed("not_yours")
    assert refusal(TEXTS.of("en"), error) == (
        "Only the person who asked for this clip can do that."
    )
    assert refusal(TEXTS.of("de"), error) == "Das kann nur, wer den Clip angefordert hat."
    few = QuotaExceeded("hour", used=10, most=10, retry_after=3100.0)
    assert "deine 10 Clips" in refusal(TEXTS.of("de"), few)
    assert "etwa 52 min" in refusal(TEXTS.of("de"), few)
    one = QuotaExceeded("hour", used=1, most=1, retry_after=9.0)
    assert "your 1 clip for" in refusal(TEXTS.of("en"), one)
    large = InvalidImage("too_many_pixels", megapixels=51.0, most=50)
    assert "51,0 Megapixel" in refusal(TEXTS.of("de"), large)


def test_what_is_wrong_with_a_scene_is_said_of_the_scene_and_named_like_anything_else() -> None:
    seed = UnsupportedOption("out_of_range", "scenes[2].seed", low=0, high=9)
    assert refusal(TEXTS.of("de"), seed) == "Szene 2: Seed: Bitte wähle eine Zahl von 0 bis 9."
    words = InvalidPrompt("too_long", param="scenes[10].prompt", length=2001, most=2000)
    assert refusal(TEXTS.of("en"), words).startswith("Scene 10: Prompt: that is 2001 characters")
    assert (seed.param, words.facts["param"]) == ("scenes[2].seed", "scenes[10].prompt")


@pytest.mark.parametrize(
    ("most", "clips"),
    [(1, "свой 1 клип"), (3, "свои 3 клипа"), (5, "свои 5 клипов"), (12, "свои 12 клипов")],
)
def test_russian_has_a_form_for_one_a_few_and_many(most: int, clips: str) -> None:
    error = QuotaExceeded("day", used=most, most=most, retry_after=3100.0)
    assert refusal(TEXTS.of("ru"), error) == (
        f"Вы использовали {clips} за этот день; следующий можно примерно через 52 мин."
    )


def test_what_was_written_whole_is_shown_as_it_was_written() -> None:
    note = Note("plain", text="4.0 s → 97 frames at 24 fps.")
    assert note_said(TEXTS.of("de"), note) == "4.0 s → 97 frames at 24 fps."
    old = Failed("timed_out", "plain", {"text": "It took too long."})
    assert failed(TEXTS.of("de"), old) == "It took too long."
    assert refusal(TEXTS.of("de"), Misconfigured("A setting is wrong.")) == "A setting is wrong."


def test_a_reason_of_another_version_is_said_in_general_and_logged() -> None:
    with capture_logs() as logs:
        assert failed(TEXTS.of("en"), Failed("timed_out", "new")).startswith("It took too long")
        assert failed(TEXTS.of("en"), Failed("new", "new")).startswith("Something went wrong")
    assert [log["event"] for log in logs] == ["reason_without_a_sentence"] * 2


def test_an_error_with_facts_that_are_not_its_own_is_a_defect_where_it_is_made() -> None:
    with pytest.raises(TypeError, match="too_small"):
        InvalidImage("too_small", width=3)
    with pytest.raises(TypeError, match="duration"):
        Note("duration", seconds=3)


@pytest.mark.parametrize(
    ("locale", "both", "neither"),
    [
        ("en", "Weather: rain, no fog.", "Weather: no rain, no snow."),
        ("zh", "天气：雨，没有雾。", "天气：没有雨，没有雪。"),
        ("ja", "天気：雨（霧なし）。", "天気：雨なし、雪なし。"),
        ("ko", "날씨: 비(안개 없음).", "날씨: 비 없음, 눈 없음."),
        ("ru", "Погода: дождь, без тумана.", "Погода: без дождя, без снега."),
        ("es", "Clima: lluvia, sin niebla.", "Clima: sin lluvia, sin nieve."),
        ("it", "Meteo: pioggia, senza nebbia.", "Meteo: senza pioggia, senza neve."),
    ],
)
def test_what_is_ruled_out_is_said_behind_what_is_wished(
    locale: str, both: str, neither: str
) -> None:
    catalogue = TEXTS.of(locale)
    wished = Directions(effects=(Effect.RAIN,))
    assert noted(catalogue, described(wished, (Effect.FOG,))) == [both]
    assert noted(catalogue, described(Directions(), (Effect.RAIN, Effect.SNOW))) == [neither]
