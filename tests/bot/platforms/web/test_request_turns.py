"""Who sends a thousand requests at once waits for nobody but themselves."""

from __future__ import annotations

import asyncio
import statistics
import sys
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.language.catalogue import Texts, load_texts
from bot.platforms.web.languages import Languages
from bot.platforms.web.request_turns import EACH, MOST_WAITING, RequestTurns
from tests.fakes.program.process import Program

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
        match scope["path"]:
            case "/stream":
                await _begin(send)
            case "/upload":
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


FLOOD = """
import asyncio, sys

ASKED = b"GET /openapi.json HTTP/1.1\\r\\nhost: localhost\\r\\n\\r\\n"

async def one():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    print("asked", flush=True)
    for _ in range(3):
        writer.write(ASKED)
        head = await reader.readuntil(b"\\r\\n\\r\\n")
        if b" 200 " not in head.split(b"\\r\\n")[0]:
            break
        length = int(head.lower().split(b"content-length: ")[1].split(b"\\r\\n")[0])
        await reader.readexactly(length)
    writer.close()

async def main():
    await asyncio.gather(*(one() for _ in range(400)))

asyncio.run(main())
"""


@pytest.mark.slow
async def test_beside_four_hundred_who_ask_again_and_again_health_is_told_at_once(
    tmp_path: Path,
) -> None:
    with Program(tmp_path / "data") as program:
        async with httpx.AsyncClient(base_url=program.url, timeout=60) as http:
            alone = [await looked(http) for _ in range(5)]
            port = str(httpx.URL(program.url).port)
            flood = await asyncio.create_subprocess_exec(
                sys.executable, "-c", FLOOD, port, stdout=asyncio.subprocess.PIPE
            )
            assert flood.stdout is not None
            await flood.stdout.readline()
            beside = []
            while flood.returncode is None:
                beside.append(await looked(http))
            assert await flood.wait() == 0
    assert statistics.median(beside) < 0.2 + 5 * statistics.median(alone)


async def looked(http: httpx.AsyncClient) -> float:
    """Seconds until /healthz was answered."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert (await http.get("/healthz")).status_code == 200
    return loop.time() - began
