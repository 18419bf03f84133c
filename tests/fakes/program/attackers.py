"""People who would keep everybody else out: each kind as one function, told how much of it."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from tests.fakes.program.process import Program

MEGABYTE = 10**6
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
BEGIN = b'--x\r\nContent-Disposition: form-data; name="input_reference"; filename="p"\r\n\r\n'
KEYS = {
    "mallory": "a-key-of-mallorys-own",
    "trudy": "a-key-of-trudys-alone",
    "ann": "a-key-of-anns-very-own",
}
SETTINGS = {
    "PHOTOPLAY_WEB__API_KEYS": json.dumps(KEYS),
    "PHOTOPLAY_LIMITS__PER_HOUR": "1000",
    "PHOTOPLAY_LIMITS__PER_DAY": "1000",
}
"""Of a program that all of them may ask."""


def peak(program: Program) -> float:
    """The most memory that the program itself has had, in megabytes."""
    status = Path(f"/proc/{program.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    assert found is not None
    return int(found[1]) / 1000


def caller(program: Program, name: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=program.url,
        headers={"Authorization": f"Bearer {KEYS[name]}"},
        timeout=180,
        limits=httpx.Limits(max_connections=None),
    )


async def posted(http: httpx.AsyncClient, picture: bytes) -> httpx.Response:
    """An ordinary request."""
    return await http.post(
        "/v1/videos",
        data={"num_frames": "9", "size": "64x64"},
        files={"input_reference": ("p.png", picture)},
    )


async def many(
    program: Program, bodies: list[bytes], headers: dict[str, str], name: str = "mallory"
) -> Counter[int]:
    """All at once with one key; how they were answered (0: not at all)."""
    async with caller(program, name) as http:

        async def one(body: bytes) -> int:
            with suppress(httpx.TransportError):
                answer = await http.post("/v1/videos", content=_sent(body), headers=headers)
                return answer.status_code
            return 0

        return Counter(await asyncio.gather(*map(one, bodies)))


async def _sent(body: bytes) -> AsyncGenerator[bytes]:
    for at in range(0, len(body), 2**16):
        yield body[at : at + 2**16]


def large_files(count: int) -> list[bytes]:
    """Each as large as a picture may be."""
    return [BEGIN + bytes(25 * MEGABYTE - 300) + b"\r\n--x--\r\n"] * count


def large_urls(count: int) -> list[bytes]:
    url = b"data:image/png;base64," + b"A" * 33 * MEGABYTE
    return [b'{"input_reference": {"image_url": "' + url + b'"}}'] * count


def brackets(count: int) -> list[bytes]:
    """JSON that would be a gigabyte of empty lists."""
    return [b'{"input_reference": [' + b"[]," * (11 * MEGABYTE) + b"[]]}"] * count


@asynccontextmanager
async def slow_uploads(program: Program, count: int) -> AsyncGenerator[list[asyncio.StreamReader]]:
    """Bodies of which a few bytes came and no more do; what each connection is answered."""
    url = httpx.URL(program.url)
    head = (
        f"POST /v1/videos HTTP/1.1\r\nhost: localhost\r\ncontent-length: {20 * MEGABYTE}\r\n"
        f"authorization: Bearer {KEYS['mallory']}\r\ncontent-type: {FORM['Content-Type']}\r\n\r\n"
    )
    opened = [await asyncio.open_connection(url.host, url.port) for _ in range(count)]
    try:
        for _, writer in opened:
            writer.write(head.encode() + BEGIN + b"x")
        yield [reader for reader, _ in opened]
    finally:
        for _, writer in opened:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
