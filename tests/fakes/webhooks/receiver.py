"""Somebody's program on loopback that is told by webhooks, and answers as the test says."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Receiver:
    """A program that is told: it answers with what the test puts in, then with 204."""

    answers: deque[Callable[[], Awaitable[web.Response]]] = field(default_factory=deque)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append((dict(request.headers), await request.read()))
        if self.answers:
            return await self.answers.popleft()()
        return web.Response(status=204)

    def answers_with(self, status: int, **headers: str) -> None:
        async def answer() -> web.Response:
            return web.Response(status=status, headers=headers)

        self.answers.append(answer)

    def dawdles(self) -> None:
        async def answer() -> web.Response:
            await asyncio.sleep(3600)
            raise AssertionError

        self.answers.append(answer)


@asynccontextmanager
async def receiving() -> AsyncGenerator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/told", receiver.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    receiver.url = f"http://127.0.0.1:{port}/told"
    try:
        yield receiver
    finally:
        await runner.cleanup()
