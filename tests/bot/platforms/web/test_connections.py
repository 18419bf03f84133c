"""A front that cannot be starved without a key: silence ends, heads are short, newcomers get in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from bot.platforms.web.connections import ConnectionLimits
from bot.platforms.web.site import WebServer, listen
from bot.platforms.web.sse import Streams
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import house

pytestmark = pytest.mark.slow

GET = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Caller:
    """Opens connections to one server, and closes them in the end."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []

    async def connected(self, said: bytes = b"") -> Connection:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers.append(writer)
        writer.write(said)
        return reader, writer

    async def close(self) -> None:
        for writer in self._writers:
            writer.close()
        for writer in self._writers:
            with suppress(ConnectionError):
                await writer.wait_closed()


async def answers(scope: Scope, _: Receive, send: Send) -> None:
    """As slow as the path says."""
    if scope["path"] == "/slow":
        await asyncio.sleep(1)
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def served(
    folder: Path, *, head: float = 10.0, between: int = 60, most: int = 1000
) -> AsyncGenerator[Caller]:
    """Who calls a server with these limits."""
    async with house(folder, SteppedEngine()) as home:
        listener = listen("127.0.0.1", 0)
        limits = ConnectionLimits(head=head, between=between, most=lambda: most)
        server = WebServer(answers, listener, Streams(home.service), [], limits)
        serving = asyncio.create_task(server.run())
        caller = Caller(listener.getsockname()[1])
        try:
            yield caller
        finally:
            await caller.close()
            await server.stop()
            await serving


async def heard(connection: Connection, *, within: float = 5.0) -> bytes:
    """What comes until the other side closes."""
    async with asyncio.timeout(within):
        try:
            return await connection[0].read()
        except ConnectionError:
            return b""


async def asked(connection: Connection) -> bytes:
    connection[1].write(GET)
    async with asyncio.timeout(30):
        return await connection[0].readuntil(b"ok")


async def test_who_says_nothing_is_let_go(tmp_path: Path) -> None:
    async with served(tmp_path, head=0.2) as caller:
        assert await heard(await caller.connected()) == b""


async def test_a_head_that_trickles_is_let_go(tmp_path: Path) -> None:
    async with served(tmp_path, head=0.4) as caller:
        connection = await caller.connected(b"GET / HTTP/1.1\r\n")
        began = time.monotonic()
        while not connection[0].at_eof() and time.monotonic() - began < 5:
            connection[1].write(b"a: b\r\n")
            await asyncio.sleep(0.05)
        assert time.monotonic() - began < 3


async def test_a_request_that_is_answered_slowly_is_not_silence(tmp_path: Path) -> None:
    async with served(tmp_path, head=0.2) as caller:
        connection = await caller.connected(GET.replace(b"/healthz", b"/slow"))
        async with asyncio.timeout(30):
            assert b"200 OK" in await connection[0].readuntil(b"ok")


async def test_between_requests_a_connection_is_kept_for_longer(tmp_path: Path) -> None:
    async with served(tmp_path, head=0.2, between=60) as caller:
        connection = await caller.connected()
        assert b"200 OK" in await asked(connection)
        await asyncio.sleep(0.5)
        assert b"200 OK" in await asked(connection)


async def test_a_head_of_megabytes_is_refused_before_it_is_there(tmp_path: Path) -> None:
    async with served(tmp_path) as caller:
        for head in (b"a: " + b"x" * 200_000, b"\r\n".join([b"a: b"] * 40_000)):
            connection = await caller.connected(b"GET / HTTP/1.1\r\n" + head)
            assert (await heard(connection))[9:12] in {b"431", b"400", b""}


async def test_a_large_body_is_not_a_large_head(tmp_path: Path) -> None:
    async with served(tmp_path) as caller:
        body = b"x" * 300_000
        head = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n" % len(body)
        connection = await caller.connected(head + body)
        async with asyncio.timeout(30):
            assert b"200 OK" in await connection[0].readuntil(b"ok")


async def test_at_the_cap_the_idle_go_and_newcomers_are_answered_at_once(tmp_path: Path) -> None:
    async with served(tmp_path, most=50) as caller:
        served_slowly = await caller.connected(GET.replace(b"/healthz", b"/slow"))
        await asyncio.sleep(0.05)
        idle = [await caller.connected() for _ in range(200)]
        began = time.monotonic()
        newcomer = await caller.connected()
        assert b"200 OK" in await asked(newcomer)
        assert time.monotonic() - began < 1
        async with asyncio.timeout(30):
            assert b"200 OK" in await served_slowly[0].readuntil(b"ok")
        assert await heard(idle[0]) == b""


CHUNKED = b"POST /slow HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "said",
    [CHUNKED + b"0\r\na: ", CHUNKED + b"2;a="],
    ids=["after a body", "around a body"],
)
async def test_what_belongs_to_no_head_and_no_body_is_as_short_as_a_head(
    tmp_path: Path, said: bytes
) -> None:
    async with served(tmp_path) as caller:
        connection = await caller.connected(said + b"x" * 500_000)
        assert (await heard(connection))[9:12] in {b"431", b""}


async def test_who_asks_on_and_on_without_reading_an_answer_is_cut_off(tmp_path: Path) -> None:
    async with served(tmp_path) as caller:
        few = await caller.connected(GET * 10)
        async with asyncio.timeout(30):
            for _ in range(10):
                assert b"200 OK" in await few[0].readuntil(b"ok")
        many = await caller.connected(GET.replace(b"/healthz", b"/slow") * 10_000)
        assert (await heard(many, within=30)).count(b"200 OK") < 30
