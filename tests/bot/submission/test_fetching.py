"""A chat's own servers may hang, fail or send without end: nobody waits for long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.submission.fetching import NotFetched, Patience, fetched, over_http
from bot.submission.uploads import IncomingUpload, Uploads
from generation.errors import ImageTooLarge
from tests.bot.submission.test_uploads import workspace

pytestmark = pytest.mark.slow

QUICK = Patience(limit=0.8, silence=0.15, pause=0.01)


class Server:
    """Answers by path, and counts."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []
        self.sent = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path == "/third":
            return web.Response(status=200 if len(self.asked) == 3 else 502, body=b"third")
        if request.path == "/moved":
            return web.Response(status=302, headers={"Location": f"{self.url}/third"})
        if request.path == "/gone":
            return web.Response(status=404)
        if request.path == "/hangs":
            await asyncio.sleep(60)
        return await self._stream(request, pause=0.05 if request.path == "/drips" else 0)

    async def _stream(self, request: web.Request, pause: float) -> web.StreamResponse:
        """For ever."""
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(bytes(10 if pause else 2**20))
            self.sent += 2**20
            await asyncio.sleep(pause)


@asynccontextmanager
async def serving(folder: Path) -> AsyncGenerator[tuple[Server, IncomingUpload]]:
    server, app = Server(), web.Application()
    app.router.add_get("/{tail:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with Uploads(workspace(folder)).begun("chat:kim") as upload:
            yield server, upload
    finally:
        await runner.cleanup()


async def test_what_fails_for_a_moment_is_fetched_at_the_third_try(tmp_path: Path) -> None:
    async with serving(tmp_path) as (server, upload):
        path = await fetched(lambda: over_http(f"{server.url}/third"), upload, QUICK)
        assert path.read_bytes() == b"third"
        assert len(server.asked) == 3


@pytest.mark.parametrize(("path", "tries"), [("/gone", 1), ("/moved", 1), ("/hangs", 3)])
async def test_what_cannot_be_had_is_told_and_only_what_may_change_tried_again(
    path: str, tries: int, tmp_path: Path
) -> None:
    async with serving(tmp_path) as (server, upload):
        with pytest.raises(NotFetched):
            await fetched(lambda: over_http(server.url + path), upload, QUICK)
        assert server.asked == [path] * tries


async def test_a_server_that_drips_is_ended_by_the_limit(tmp_path: Path) -> None:
    async with serving(tmp_path) as (server, upload):
        began = time.monotonic()
        with pytest.raises(NotFetched, match="too slow"):
            await fetched(lambda: over_http(f"{server.url}/drips"), upload, QUICK)
        assert time.monotonic() - began >= QUICK.limit


async def test_a_server_that_sends_without_end_is_ended_at_the_cap(tmp_path: Path) -> None:
    async with serving(tmp_path) as (server, upload):
        with pytest.raises(ImageTooLarge):
            await fetched(lambda: over_http(f"{server.url}/endless"), upload)
        assert server.asked == ["/endless"]
        assert server.sent < 80_000_000


async def test_a_port_where_nobody_listens_is_told(tmp_path: Path) -> None:
    async with serving(tmp_path) as (_, upload):
        with pytest.raises(NotFetched):
            await fetched(lambda: over_http("http://127.0.0.1:1/picture"), upload, QUICK)
