"""What people read: exact places, honest numbers, their own words made harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.catalogue import LOCALES, load_texts
from bot.language.wording import (
    Formatting,
    bar,
    caption,
    ending,
    failure,
    fitted,
    outdated,
    status,
)
from generation.events import Cancelled, Failed, PhaseName, Running, Succeeded, Waiting
from generation.jobs import Clip, Delivery, Job, JobStatus, Requester
from generation.notes import Note, duration
from tests.fakes.program.core import wish

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ENGLISH = load_texts().of("en")
GERMAN = load_texts().of("de")


def escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_")


VOICE = Formatting(escape, lambda moment: f"<t:{int(moment.timestamp())}:R>", now=lambda: NOW)
LENGTH = duration(161, 24)
CUT = Note("prompt_cut", tokens=300, most=128)
CLIP = Clip(Path("clip.mp4"), 704, 480, 161, 24, 42, 1000)


def job(prompt: str = "the waves roll in") -> Job:
    return Job(
        id="video_aaaaaaaaaaaaaaaaaa",
        requester=Requester("chat", "kim"),
        status=JobStatus.RUNNING,
        turn=1,
        attempt=1,
        crashes=0,
        created_at=NOW,
        started_at=None,
        finished_at=None,
        engine="stepped",
        request=replace(wish(), prompt=prompt),
        clip=None,
        error_code=None,
        error_reason=None,
        error_facts={},
        notes=(),
        delivery=Delivery.PENDING,
        address=None,
    )


def said(event: Waiting | Running, *, resumed: bool = False) -> str:
    return status(ENGLISH, VOICE, job(), event, resumed=resumed)


@pytest.mark.parametrize(
    ("position", "place"),
    [(2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (112, "112th")],
)
def test_a_place_reads_as_people_say_it(position: int, place: str) -> None:
    assert said(Waiting(position, None, 150)) == f"{place} of 150 in line."


def test_a_known_start_is_a_moment_that_the_platform_counts_down() -> None:
    moment = int(NOW.timestamp()) + 90
    assert said(Waiting(3, 120.0, 9, 90.0)) == f"3rd of 9 in line, starts <t:{moment}:R>."
    assert said(Waiting(1, 120.0, 9, 90.0)) == f"Next in line, starts <t:{moment}:R>."
    assert said(Waiting(1, None, 9)) == "Next in line."


def test_after_a_restart_somebody_who_waits_hears_that_the_place_is_kept() -> None:
    assert "place in line is kept" in said(Waiting(2, None, 3), resumed=True)
    assert "restarted" not in said(Running(PhaseName.STEP, 1, 2, None), resumed=True)


def test_progress_is_a_bar_a_count_and_what_is_left() -> None:
    assert said(Running(PhaseName.STEP, 12, 50, 41.0)) == "▰▰▱▱▱▱▱▱▱▱ 12/50 · about 40 s left"
    assert said(Running(PhaseName.STEP, 30, 50, None)) == "▰▰▰▰▰▰▱▱▱▱ 30/50"
    assert said(Running(PhaseName.STEP, 0, 0, 9.0)) == "Animating…"
    assert "about 2 min left" in said(Running(PhaseName.STEP, 1, 50, 92.0))
    assert bar(0, 0) == "▱" * 10
    assert bar(50, 50) == "▰" * 10


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("phase", PhaseName)
def test_every_phase_reads_in_every_language(phase: PhaseName, locale: str) -> None:
    catalogue = load_texts().of(locale)
    text = status(catalogue, VOICE, job(), Running(phase, 3, 5, 70.0), resumed=False)
    assert text
    assert "{" not in text


def test_a_caption_has_the_escaped_prompt_the_length_the_seed_and_the_notes() -> None:
    text = caption(ENGLISH, VOICE, job("a *bold* cat"), Succeeded(CLIP, (LENGTH, CUT)))
    first, facts, note = text.split("\n")
    assert (first, facts) == ("a \\*bold\\* cat", "6.7 s · seed 42")
    assert "300 tokens" in note


def test_a_clip_without_a_prompt_has_a_caption_all_the_same() -> None:
    assert caption(ENGLISH, VOICE, job(""), Succeeded(CLIP, ())) == "6.7 s · seed 42"


@given(st.text(alphabet="a_*\\ 波", max_size=400), st.integers(60, 500))
def test_a_caption_fits_and_never_ends_within_an_escape(prompt: str, limit: int) -> None:
    text = caption(ENGLISH, VOICE, job(prompt), Succeeded(CLIP, (CUT,)), limit=limit)
    assert len(text) <= limit
    assert "6.7 s · seed 42" in text
    shown = text.split("\n")[0].removesuffix("…")
    assert (len(shown) - len(shown.rstrip("\\"))) % 2 == 0


def test_what_is_too_long_is_cut_with_dots_and_what_has_no_room_is_left_out() -> None:
    assert fitted("abcdef", VOICE, 6) == "abcdef"
    assert fitted("abcdefg", VOICE, 6) == "abcde…"
    assert fitted("*" * 9, VOICE, 6) == "\\*\\*…"
    assert fitted("abc", VOICE, 1) == ""


def test_an_apology_names_the_job_and_speaks_the_persons_language() -> None:
    outcome = Failed("out_of_memory", "size", {"nearest": "480x320"})
    english, german = (failure(one, VOICE, job(), outcome) for one in (ENGLISH, GERMAN))
    assert "At 480×320 it should fit" in english
    assert "480×320" in german
    assert "video_aaaaaaaaaaaaaaaaaa" in english
    assert "Grafikspeicher" in german
    assert "video_aaaaaaaaaaaaaaaaaa" in german


def test_every_ending_has_its_words() -> None:
    assert ending(ENGLISH, VOICE, job(), Cancelled()) == "Cancelled."
    assert ending(ENGLISH, VOICE, job(), Succeeded(CLIP, ())).endswith("seed 42")
    assert ending(ENGLISH, VOICE, job(), Failed("new_code", "odd")).startswith("Sorry")


def test_a_button_of_another_version_is_answered_in_the_language() -> None:
    assert "/animate" in outdated(GERMAN)
