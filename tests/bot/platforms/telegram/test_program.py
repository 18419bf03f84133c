"""The real program with a token: a photograph goes in, an MP4 comes out, also after a power cut."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bot.runtime.control_socket import ask
from generation.media.probe import probe
from tests.fakes.program.process import Program
from tests.fakes.telegram.double import PRIVATE, TOKEN, Telegram, telegram_double

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

SECRET = TOKEN.partition(":")[2]


def program(folder: Path, telegram: Telegram) -> Program:
    settings = {"PHOTOPLAY_TELEGRAM__TOKEN": TOKEN, "PHOTOPLAY_TELEGRAM__API_URL": telegram.url}
    return Program(folder / "data", settings=settings)


def clips(telegram: Telegram, chat: int = PRIVATE) -> list[bytes]:
    """The MP4s that stand in a chat."""
    held = [one["video"]["file_id"] for one in telegram.shown(chat) if "video" in one]
    return [telegram.assets[reference]["data"] for reference in held]


async def send(telegram: Telegram, photograph: bytes, chat: int = PRIVATE) -> None:
    picture = [telegram.picture(photograph)]
    caption = "/animate seconds=1 zoom in"
    await telegram.say(chat=chat, user=chat, photo=picture, caption=caption)


async def test_a_photograph_comes_back_as_a_clip(tmp_path: Path, photograph_bytes: bytes) -> None:
    async with telegram_double() as telegram:
        running = program(tmp_path, telegram)
        await asyncio.to_thread(running.start)
        try:
            await send(telegram, photograph_bytes)
            await telegram.until(lambda: clips(telegram), seconds=60)
        finally:
            assert await asyncio.to_thread(running.stop) == 0
        clip = tmp_path / "clip.mp4"
        clip.write_bytes(clips(telegram)[0])
        made = probe(clip)
        assert (made.width, made.height, made.frames) == (576, 576, 25)
        [sent] = telegram.called("editMessageMedia")
        poster = next(data for data in sent.files.values() if data.startswith(b"\xff\xd8"))
        assert len(poster) < 200_000
        assert len(telegram.shown()) == 1
        assert SECRET not in running.log


async def test_a_power_cut_in_mid_clip_costs_nobody_their_place(
    tmp_path: Path, photograph_bytes: bytes
) -> None:
    async with telegram_double() as telegram:
        running = program(tmp_path, telegram)
        await asyncio.to_thread(running.start)
        try:
            for chat in (1, 2, 3):
                await send(telegram, photograph_bytes, chat)
            await telegram.until(lambda: all(telegram.shown(chat) for chat in (1, 2, 3)))
            await asyncio.sleep(0.5)  # a message whose number is not in the table yet would stay
            await asyncio.to_thread(running.kill)
            await asyncio.to_thread(running.start)
            await telegram.until(
                lambda: all(clips(telegram, chat) for chat in (1, 2, 3)), seconds=60
            )
        finally:
            await asyncio.to_thread(running.stop)
        assert [len(telegram.shown(chat)) for chat in (1, 2, 3)] == [1, 1, 1]
        assert SECRET not in running.log


@pytest.mark.soak
@pytest.mark.parametrize("made", [0, 1, 3])
async def test_a_film_survives_a_power_cut_between_its_scenes_and_behind_the_last(
    tmp_path: Path, photograph_bytes: bytes, made: int
) -> None:
    async with telegram_double() as telegram:
        running = program(tmp_path, telegram)
        await asyncio.to_thread(running.start)
        try:
            for number in range(3):
                lines = "/storyboard frames=17 size=256x256\nzoom in\npan left\nit snows"
                photo, caption = [telegram.picture(photograph_bytes)], {"caption": lines}
                await telegram.say(
                    photo=photo, media_group_id="album", **({} if number else caption)
                )
            await telegram.until(lambda: running.log.count("job_succeeded") >= made, seconds=60)
            await telegram.until(confirmed(telegram, 4), seconds=30)
            await asyncio.to_thread(running.kill)
            await asyncio.to_thread(running.start)
            await telegram.until(lambda: clips(telegram), seconds=60)
        finally:
            assert await asyncio.to_thread(running.stop) == 0
        film = tmp_path / "film.mp4"
        film.write_bytes(clips(telegram)[0])
        assert probe(film).frames == 3 * 17
        assert len(telegram.shown()) == 1


async def test_a_wrong_token_stops_its_platform_loudly_and_no_other(tmp_path: Path) -> None:
    async with telegram_double() as telegram:
        telegram.fail("getMe", 401, "Unauthorized", times=5)
        running = program(tmp_path, telegram)
        await asyncio.to_thread(running.start)
        try:
            async with httpx.AsyncClient(base_url=running.url) as http:
                told = (await http.get("/readyz")).json()["stopped"]["telegram"]
                [model] = (await http.get("/v1/models")).json()["data"]
        finally:
            assert await asyncio.to_thread(running.stop) == 0
        assert told.startswith("Telegram does not take telegram.token")
        assert told in model["notice"]
        assert "platform_stopped" in running.log


async def test_ten_people_whose_pictures_were_being_fetched_lose_nothing_by_a_kill(
    tmp_path: Path, photograph_bytes: bytes
) -> None:
    everybody = range(1, 11)
    async with telegram_double() as telegram:
        fetching = telegram.hold("getFile")
        running = program(tmp_path, telegram)
        await asyncio.to_thread(running.start)
        try:
            for chat in everybody:
                picture = [telegram.picture(photograph_bytes)]
                caption = "/animate frames=9 size=64x64 zoom in"
                await telegram.say(chat=chat, user=chat, photo=picture, caption=caption)
            await telegram.until(confirmed(telegram, 11), seconds=30)
            await asyncio.to_thread(running.kill)
            del telegram.held["getFile"]
            fetching.set()
            await asyncio.to_thread(running.start)
            await telegram.until(
                lambda: all(clips(telegram, chat) for chat in everybody), seconds=60
            )
        finally:
            await asyncio.to_thread(running.stop)
        assert [len(clips(telegram, chat)) for chat in everybody] == [1] * 10
        assert [len(telegram.shown(chat)) for chat in everybody] == [1] * 10


async def test_who_is_not_heard_is_said_and_heard_again(tmp_path: Path) -> None:
    async with telegram_double() as telegram:
        running = program(tmp_path, telegram)
        await asyncio.to_thread(running.start)
        try:
            async with httpx.AsyncClient(base_url=running.url) as http:

                async def told() -> str | None:
                    reason = (await http.get("/readyz")).json()["stopped"].get("telegram")
                    return str(reason) if reason else None

                await telegram.until(lambda: telegram.called("getUpdates"))
                telegram.fail("getUpdates", 401, "Unauthorized", times=3)
                await telegram.say(text="/queue")
                async with asyncio.timeout(30):
                    while (said := await told()) is None:  # noqa: ASYNC110 (another process)
                        await asyncio.sleep(0.05)
                    socket = tmp_path / "data" / "control.sock"  # by which the doctor asks
                    assert (await ask(socket, {"command": "stopped"}))["stopped"]["telegram"]
                    await telegram.until(telegram.shown, seconds=30)
                    while await told() is not None:  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
        finally:
            assert await asyncio.to_thread(running.stop) == 0
        assert said.startswith("Telegram does not take telegram.token")
        assert "telegram_not_heard" in running.log
        assert "telegram_heard_again" in running.log


def confirmed(telegram: Telegram, offset: int) -> Callable[[], bool]:
    """Whether Telegram has been told that we have everything before this number."""
    return lambda: any(
        int(call.fields.get("offset", 0)) >= offset for call in telegram.called("getUpdates")
    )
