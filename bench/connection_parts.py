"""Attacks that need no key: connections that say nothing, too much, or too slowly."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import httpx

MEGABYTE = 10**6
FILLING = b"x" * 2**16
GET = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n"
CHUNKED = b"POST /session HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: "
HELD = 6.0
"""Seconds for which connections are kept, and a flood goes on."""


class Stranger:
    """Somebody without a key, who opens connections to `url`."""

    def __init__(self, url: str) -> None:
        address = httpx.URL(url)
        self._host, self._port = address.host, address.port

    async def idle(self, count: int) -> None:
        opened = [await self._connected() for _ in range(count)]
        await asyncio.sleep(HELD)
        await _closed(opened)

    async def large(self, begin: bytes, piece: bytes, count: int) -> None:
        """So many connections on which pieces follow until it is 80 MB, or they are cut off."""
        await asyncio.gather(*(self._large(begin, piece) for _ in range(count)))

    async def slow_heads(self, count: int) -> None:
        """A few bytes of a head at a time, until they are let go."""
        opened = [await self._connected() for _ in range(count)]
        said = b"GET / HTTP/1.1\r\n"
        for _ in range(24):
            for _, writer in opened:
                if not writer.is_closing():
                    writer.write(said)
            said = b"a: b\r\n"
            await asyncio.sleep(0.5)
        await _closed(opened)

    async def two_hosts(self, count: int) -> None:
        head = GET + b"host: evil.example\r\n\r\n"
        for _ in range(count):
            reader, writer = await self._connected()
            writer.write(head)
            assert b" 400 " in await reader.readline()
            await _closed([(reader, writer)])

    async def flood(self, at_once: int) -> None:
        """Newcomers as fast as they can be made, half of whom talk nonsense."""
        due = time.monotonic() + HELD

        async def come_and_go(said: bytes) -> None:
            while time.monotonic() < due:
                with suppress(OSError):
                    opened = await self._connected()
                    opened[1].write(said)
                    await asyncio.sleep(0.01)
                    await _closed([opened])

        await asyncio.gather(*(come_and_go(b"\0" * (one % 2)) for one in range(at_once)))

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._host, self._port)

    async def _large(self, begin: bytes, piece: bytes) -> None:
        reader, writer = await self._connected()
        with suppress(OSError):
            writer.write(begin)
            for _ in range(80 * MEGABYTE // len(piece)):
                writer.write(piece)
                await writer.drain()
        await _closed([(reader, writer)])


async def _closed(opened: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> None:
    for _, writer in opened:
        writer.close()
    for _, writer in opened:
        with suppress(OSError):
            await writer.wait_closed()
