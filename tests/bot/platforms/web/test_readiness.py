"""Who asks whether the program is ready hears why no engine starts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from bot.delivery.links import Links
from bot.language.catalogue import load_texts
from bot.platforms.notices import Notices
from bot.platforms.web.assembly import web_server
from bot.submission.exemptions import Exemptions
from config.sections import ModerationSettings, WebSettings
from generation.store.state import Mode
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.chat import chat_parts
from tests.fakes.program.core import Disk, House, house


async def test_an_engine_that_does_not_start_is_told_with_its_reason(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine(failing_starts=99)) as home, home.at_work():
        answer = await readiness(home)
        assert answer.status_code == 503
        assert answer.json()["reason"] == "it does not start"
        assert await home.queue.mode() is Mode.PAUSED


async def test_a_queue_that_paused_itself_is_told_with_its_reason(tmp_path: Path) -> None:
    disk = Disk()
    async with house(tmp_path, SteppedEngine(), disk=disk) as home:
        disk.free = 10**6
        async with home.at_work():
            answer = await readiness(home)
            assert answer.status_code == 503
            assert "no room" in answer.json()["reason"]


async def paused(home: House) -> None:
    while True:
        home.queue.moved.clear()
        if await home.queue.mode() is Mode.PAUSED:
            return
        await home.queue.moved.wait()


async def readiness(home: House) -> httpx.Response:
    """Once the queue is paused for it."""
    _, submission = chat_parts(home, ModerationSettings(), Exemptions([]))
    settings, links = WebSettings(port=0), Links(None, b"secret", valid_for=60.0)
    server = web_server(settings, (), home.core, submission, links, load_texts(), Notices())
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(server.run())
        async with httpx.AsyncClient(base_url=server.url) as http:
            await paused(home)
            answer = await http.get("/readyz")
        await server.stop()
    return answer
