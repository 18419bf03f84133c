"""Two real programs, one of which makes clips for the other, and a kill of either in mid-job."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from generation.media.probe import probe
from tests.fakes.program.process import Program
from tests.test_stories import ask, look, until, until_running

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]

LONG = {"num_frames": "161", "size": "960x544", "prompt": "a slow zoom in"}


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Program]:
    """Where clips are made; its people are the bot alone."""
    settings = {"PHOTOPLAY_ENGINE__NAME": "camera", "PHOTOPLAY_LIMITS__EXEMPT": '["web:local"]'}
    with Program(tmp_path / "card", settings=settings) as program:
        yield program


@pytest.fixture
def bot(tmp_path: Path, card: Program) -> Iterator[Program]:
    settings = {
        "PHOTOPLAY_ENGINE__NAME": "videos",
        "PHOTOPLAY_ENGINE__URL": f"{card.url}/v1",
        "PHOTOPLAY_LIMITS__EXEMPT": '["web:local"]',
    }
    with Program(tmp_path / "bot", settings=settings) as program:
        until(lambda: httpx.get(f"{program.url}/readyz").status_code == 200)
        yield program


def made_there(card: Program) -> int:
    return len(httpx.get(f"{card.url}/v1/videos?limit=50").json()["data"])


def port_of(program: Program) -> int:
    return int(program.url.rstrip("/").rpartition(":")[2])


def whole(bot: Program, video: str) -> None:
    until(lambda: look(bot, video)["status"] in {"completed", "failed"}, 180)
    assert look(bot, video)["status"] == "completed", bot.log
    assert probe(bot.data_dir / "clips" / f"{video}.mp4").frames == 161


def test_a_clip_is_made_there_with_its_steps_and_comes_back(
    bot: Program, card: Program, photograph: Path
) -> None:
    video = ask(bot, photograph, **LONG)
    until_running(bot, video)
    whole(bot, video)
    assert made_there(card) == 1


def test_a_killed_bot_finds_its_clip_again_and_it_is_made_once(
    bot: Program, card: Program, photograph: Path
) -> None:
    video = ask(bot, photograph, **LONG)
    until(lambda: made_there(card) == 1)
    until_running(bot, video)
    bot.kill()
    bot.start()
    whole(bot, video)
    assert made_there(card) == 1


def test_a_killed_server_makes_the_clip_after_its_restart(
    bot: Program, card: Program, photograph: Path
) -> None:
    video = ask(bot, photograph, **LONG)
    until_running(bot, video)
    port = port_of(card)
    card.kill()
    card.start_again(port)
    whole(bot, video)
    assert made_there(card) == 1


def test_a_killed_engine_there_and_a_cancel_here_reach_the_other_side(
    bot: Program, card: Program, photograph: Path
) -> None:
    struck, unwanted = ask(bot, photograph, **LONG), ask(bot, photograph, **LONG)
    until_running(bot, struck)
    for child in psutil.Process(card.pid).children(recursive=True):
        with suppress(psutil.Error):  # another one has just ended
            if "generation.child" in " ".join(child.cmdline()):
                child.kill()
    httpx.post(f"{bot.url}/v1/videos/{unwanted}/cancel").raise_for_status()
    whole(bot, struck)
    time.sleep(0.5)
    running = httpx.get(f"{card.url}/v1/videos?limit=50").json()["data"]
    assert all(one["status"] in {"completed", "failed"} for one in running)
