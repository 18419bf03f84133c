"""Who sends a thousand requests at once waits for nobody but themselves."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.language.catalogue import Texts, load_texts
from bot.platforms.web.languages import Languages
from bot.platforms.web.request_turns import EACH, MOST_WAITING, RequestTurns

Asking = list[asyncio.Task[int]]


class Slow:
    """An application that answers what it is told to, and knows whom it works for."""

    def __init__(self) -> None:
        self.working: list[str] = []
        self._free = asyncio.Event()

    def finish(self) -> None:
        self._free.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = scope["client"][0]
        self.working.append(address)
        if scope["path"] == "/stream":
            await _begin(send)
        if scope["path"] == "/upload":
            await receive()
        await self._free.wait()
        self.working.remove(address)
        if scope["path"] != "/stream":
            await _begin(send)
        await send({"type": "http.response.body", "body": b"ok"})


async def _begin(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


class Front:
    """People with addresses in front of `Slow`."""

    def __init__(self, texts: Texts) -> None:
        self.app = Slow()
        self._front: ASGIApp = Languages(RequestTurns(self.app), texts)

    async def ask(self, address: str, path: str = "/v1/videos") -> int:
        """The status of the answer."""
        told: list[Message] = []

        async def send(message: Message) -> None:
            told.append(message)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {"type": "http", "path": path, "client": (address, 1), "headers": []}
        await self._front(scope, receive, send)
        return int(told[0]["status"])


@pytest.fixture(scope="module")
def texts() -> Texts:
    return load_texts()


@pytest.fixture
async def at(texts: Texts) -> Front:
    return Front(texts)


async def begun(
    at: Front, count: int, address: str, path: str = "/v1/videos"
) -> list[asyncio.Task[int]]:
    asking = [asyncio.create_task(at.ask(address, path)) for _ in range(count)]
    for _ in range(3):
        await asyncio.sleep(0)
    return asking


async def test_one_address_is_worked_for_in_turns_and_another_comes_in_at_once(at: Front) -> None:
    many = await begun(at, 100, "203.0.113.1")
    assert at.app.working == ["203.0.113.1"] * EACH
    one = await begun(at, 1, "203.0.113.2")
    health = await begun(at, 1, "203.0.113.1", "/healthz")
    assert at.app.working[EACH:] == ["203.0.113.2", "203.0.113.1"]
    at.app.finish()
    assert set(await asyncio.gather(*many, *one, *health)) == {200}


async def test_streams_and_uploads_take_no_turn_while_they_last(at: Front) -> None:
    streams = await begun(at, 200, "203.0.113.1", "/stream")
    uploads = await begun(at, 200, "203.0.113.1", "/upload")
    await asyncio.sleep(0)
    assert len(at.app.working) == 400
    at.app.finish()
    assert set(await asyncio.gather(*streams, *uploads)) == {200}


async def test_what_waits_for_something_else_lets_others_in_after_a_moment(at: Front) -> None:
    waiting = await begun(at, EACH + 1, "203.0.113.1")
    assert len(at.app.working) == EACH
    async with asyncio.timeout(30):
        while len(at.app.working) == EACH:  # noqa: ASYNC110 (it has no event)
            await asyncio.sleep(0.01)
    at.app.finish()
    await asyncio.gather(*waiting)


async def test_more_than_may_wait_are_refused_and_told_when_to_come_again(at: Front) -> None:
    many = await begun(at, EACH + MOST_WAITING, "203.0.113.1")
    assert await at.ask("203.0.113.1") == 429
    at.app.finish()
    assert set(await asyncio.gather(*many)) == {200}
