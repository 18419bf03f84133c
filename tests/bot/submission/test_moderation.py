"""Words that are refused however they are spelt, people who are refused whatever they ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.submission.moderation import Moderation
from bot.submission.options import Options
from bot.submission.rules import PromptRules
from generation.errors import Blocked, Misconfigured, Unwelcome
from generation.store.database import Database
from generation.store.moderation import ModerationRecords
from tests.fakes.program.core import Clock

KIM = ("chat:kim", "discord-guild:7")


@asynccontextmanager
async def moderation(
    folder: Path,
    *,
    words: Sequence[str] = (),
    patterns: Sequence[str] = (),
    blocked: Sequence[str] = (),
    strikes: int = 1000,
) -> AsyncGenerator[tuple[Moderation, Clock]]:
    clock = Clock()
    database = await Database.open(folder / "photoplay.db")
    records = ModerationRecords(database, clock=clock)
    try:
        yield (
            Moderation(
                records,
                PromptRules(words, patterns),
                blocked=blocked,
                strikes=strikes,
                clock=clock,
            ),
            clock,
        )
    finally:
        await database.close()


@pytest.mark.parametrize(
    "prompt",
    [
        "a scunt of a day",
        "SCUNT",
        "sc\u200bunt",
        "$cunt!",
        "ｓｃｕｎｔ",
        "scünt",
        "a (scunt).",
        "big   evil",
        "b1g ev1l",
        "一个坏词在这里",
        "sc\x00unt",
        "sc\u3164unt",
        "ѕcunt",
        "sсunt",
        "SСΥNT and SCUΝT",
        "a ѕсunt stands there",
        "b1g еv1l",
        "большая гадоcть",
        "die сор ruft",
    ],
)
async def test_a_blocked_word_is_found_however_it_is_spelt(tmp_path: Path, prompt: str) -> None:
    async with moderation(tmp_path, words=["scunt", "big evil", "坏词", "гадость", "cop"]) as (
        moderator,
        _,
    ):
        with pytest.raises(Unwelcome):
            await moderator.check(KIM, Options(prompt))


@pytest.mark.parametrize(
    "prompt",
    ["Scunthorpe at night", "ascunt", "", "bigger evils", "1 2 3", "убери сор", "сор, then a дом"],
)
async def test_a_word_within_another_or_of_another_language_is_none(
    tmp_path: Path, prompt: str
) -> None:
    async with moderation(tmp_path, words=["scunt", "big evil", "cop"]) as (moderator, _):
        await moderator.check(KIM, Options(prompt))


DISGUISES = [
    *[("nude", it) for it in ("nudeの女性", "女性がnudeで", "nude女")],
    *[("naked", it) for it in ("nakedな女性が踊る", "女naked", "naked_girl", "naked2", "2naked")],
    *[("naked", it) for it in ("ņäkëđ", "nɑked", "naĸed", "ɴᴀᴋᴇᴅ", "🅽🅰🅺🅴🅳", "🇳🇦🇰🇪🇩", "n@k3d2")],
    *[("порно", it) for it in ("п0рно", "порн0", "пoрн0")],
    *[("секс", it) for it in ("девушка CEKC", "с3кс", "секс1")],
    *[("голая", "г0лая"), ("кровь", "кр0вь"), ("сука", "она CYKA"), ("хуй", "xyй"), ("гей", "rей")],
    *[("σεξ", it) for it in ("σεx", "sεξ", "ΣΕΞ")],
    *[("çıplak", it) for it in ("ÇIPLAK bir kadın", "Çıplak", "ciplak")],
    ("kadın", "KADIN"),
    *[("グロ", it) for it in ("グロ画像", "ｸﾞﾛ", "グロい")],
    *[("ass", it) for it in ("a55", "4ss", "@ss", "ass4")],
    *[("كس", "كس"), ("كس", "كَس")],
]
INNOCENT = [
    *[("マンコ", "マンゴーのパフェ"), ("グロ", "クロワッサンから湯気が出る"), ("グロ", "マイクロ")],
    *[("ガキ", "カキフライを食べる"), ("ゴミ", "コミック"), ("ゲイ", "ケイトが笑う")],
    *[("ばか", "はかない光"), ("ヌード", "ヌートリアが泳ぐ"), ("デブ", "テフロン")],
    *[("エロ", "エロイーズという名の猫"), ("война", "статуя воина стоит на холме")],
    *[("ass", it) for it in ("highway 455", "455の車", "a555", "highway455", "ass4ssin")],
    *[("sos", "505 cars"), ("tits", "7175"), ("am", "🇦🇲 flag"), ("sik", "sık orman ve sis")],
    *[("كس", "كسر الزجاج"), ("كس", "بالعكس")],
    *[("мат", "камера делает pan, HD"), ("рот", "a pot on a stove")],
]


@pytest.mark.parametrize(("word", "prompt"), DISGUISES)
def test_a_word_is_found_beside_another_script_and_in_the_shapes_of_its_letters(
    word: str, prompt: str
) -> None:
    assert not PromptRules([word]).allow(prompt)


@pytest.mark.parametrize(("word", "prompt"), INNOCENT)
def test_what_only_shares_some_signs_with_a_word_is_another_word(word: str, prompt: str) -> None:
    assert PromptRules([word]).allow(prompt)


@pytest.mark.parametrize("run", ["4", "a4", "a", " ", "a ", "\u0301", "🇦", "кek "])
def test_the_longest_prompts_are_looked_through_at_once(run: str) -> None:
    rules = PromptRules(["ass", "naked", "секс", "big evil", "グロ"])
    began = time.process_time()
    rules.allow(f"a{run * 2000}"[:2000])
    assert time.process_time() - began < 1


async def test_what_somebody_does_not_want_to_see_may_be_named(tmp_path: Path) -> None:
    async with moderation(tmp_path, words=["gore"]) as (moderator, _):
        await moderator.check(KIM, Options("a calm sea", negative_prompt="gore"))


async def test_patterns_are_searched_without_regard_to_case(tmp_path: Path) -> None:
    async with moderation(tmp_path, patterns=[r"\bbad\s+(thing|word)s?"]) as (moderator, _):
        with pytest.raises(Unwelcome):
            await moderator.check(KIM, Options("two BAD  things"))
        await moderator.check(KIM, Options("a bad day"))


async def test_a_pattern_that_backtracks_for_ever_stops_nobody_and_opens_no_way_around(
    tmp_path: Path,
) -> None:
    async with moderation(tmp_path, patterns=["^(a|aa)+$"], strikes=1) as (moderator, _):
        began = time.monotonic()
        with capture_logs() as logs, pytest.raises(Unwelcome, match="unchecked"):
            await moderator.check(KIM, Options("a" * 90 + "b"))
        assert time.monotonic() - began < 1
        await moderator.check(KIM, Options("a calm sea"))  # our slowness is held against nobody
    assert [line["event"] for line in logs] == ["pattern_too_slow"]


async def test_a_pattern_that_is_none_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="blocked_patterns"):
        async with moderation(tmp_path, patterns=["(unclosed"]):
            pass


@pytest.mark.parametrize("identity", KIM)
async def test_who_the_settings_block_is_refused_whatever_they_ask(
    tmp_path: Path, identity: str
) -> None:
    async with moderation(tmp_path, blocked=[identity]) as (moderator, _):
        with pytest.raises(Blocked):
            await moderator.check(KIM, Options("a calm sea"))
        await moderator.check(["chat:ann"], Options("a calm sea"))


async def test_an_operators_block_ends_when_it_was_said_to(tmp_path: Path) -> None:
    async with moderation(tmp_path) as (moderator, clock):
        await moderator.block(KIM[0], seconds=7200.0, actor="chat:op")
        with pytest.raises(Blocked, match="hours=2"):
            await moderator.admit(KIM)
        clock.pass_(7201.0)
        await moderator.admit(KIM)


async def test_too_many_refused_prompts_block_the_person_and_nobody_beside_them(
    tmp_path: Path,
) -> None:
    async with moderation(tmp_path, words=["gore"], strikes=3) as (moderator, clock):
        for _ in range(2):
            with pytest.raises(Unwelcome):
                await moderator.check(KIM, Options("gore"))
        with pytest.raises(Blocked):
            await moderator.check(KIM, Options("gore"))
        with pytest.raises(Blocked):
            await moderator.check(KIM, Options("a calm sea"))
        await moderator.check(["chat:ann", "discord-guild:7"], Options("a calm sea"))
        clock.pass_(86401.0)
        await moderator.check(KIM, Options("a calm sea"))


async def test_the_log_tells_who_and_which_rule_but_not_the_words(tmp_path: Path) -> None:
    async with moderation(tmp_path, words=["gore"]) as (moderator, _):
        with capture_logs() as logs, pytest.raises(Unwelcome):
            await moderator.check(KIM, Options("gore in my garden"))
    [line] = logs
    assert line["identity"] == "chat:kim"
    assert "gore" not in repr(line)
    assert "garden" not in repr(line)


async def test_against_an_exempt_bot_of_many_people_no_words_are_held(tmp_path: Path) -> None:
    async with moderation(tmp_path, words=["gore"], strikes=1) as (kept, _):
        with pytest.raises(Unwelcome):
            await kept.check(KIM, Options(prompt="gore"), exempt=True)
        await kept.check(KIM, Options(prompt="a cat"))
        with pytest.raises(Blocked):
            await kept.check(KIM, Options(prompt="gore"))


async def test_racing_refusals_are_all_counted(tmp_path: Path) -> None:
    async with moderation(tmp_path, words=["gore"], strikes=10) as (moderator, _):
        checks = [moderator.check(KIM, Options("gore")) for _ in range(10)]
        answers = await asyncio.gather(*checks, return_exceptions=True)
    assert sum(isinstance(answer, Blocked) for answer in answers) == 1
    assert sum(isinstance(answer, Unwelcome) for answer in answers) == 9
