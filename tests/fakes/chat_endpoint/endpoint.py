"""A language model's server on loopback that answers as the test says, well or badly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Endpoint:
    """`asked` are the bodies it was sent, `keys` the Authorization that came with them."""

    answer: Answer
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    url: str = ""
    often: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def heard(self, request: web.Request) -> web.StreamResponse:
        self.keys.append(request.headers.get("Authorization"))
        self.asked.append(await request.json())
        async with self.often:
            self.often.notify_all()
        return await self.answer(request)

    async def until(self, times: int) -> None:
        """It was asked so often."""
        async with asyncio.timeout(30), self.often:
            await self.often.wait_for(lambda: len(self.asked) >= times)


def says(text: object) -> Answer:
    """A chat completion as servers send it."""

    async def answer(_: web.Request) -> web.StreamResponse:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return web.json_response({"id": "c", "object": "chat.completion", "choices": [choice]})

    return answer


def sends(text: str, status: int = 200, **headers: str) -> Answer:
    """Whatever it is."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=text, status=status, headers=headers)

    return answer


async def dawdles(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    raise AssertionError


async def never_ends(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" " * 65536)


@asynccontextmanager
async def endpoint(answer: Answer) -> AsyncGenerator[Endpoint]:
    served = Endpoint(answer)
    app = web.Application()
    app.router.add_post("/v1/chat/completions", served.heard)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield served
    finally:
        await runner.cleanup()
