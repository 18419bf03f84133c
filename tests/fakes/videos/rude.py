"""A server on loopback that answers as no server should."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web

MODELS = b'{"data": [{"id": "far", "owned_by": "%s", "capacity": 1}]}'
QUEUED, COMPLETED = b'{"id": "v1", "status": "queued"}', b'{"id": "v1", "status": "completed"}'
HTML = b"<html>Welcome to nginx!</html>"

Call = str
"""`models`, `create`, `look`, `events`, `content`, `file` (elsewhere) or `other`."""


@dataclass(frozen=True)
class Said:
    """`body` again and again with `endless`; broken off after half of it with `half`.

    `echo`: the key that came is repeated in it.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    endless: bool = False
    half: bool = False
    echo: bool = False


@dataclass
class RudeServer:
    """What each call is answered with; what is not named is answered well."""

    said: Mapping[Call, Said]
    url: str = ""
    owner: bytes = b"somebody"
    clip: bytes = b""
    calls: Counter[Call] = field(default_factory=Counter)
    paths: list[str] = field(default_factory=list)
    held: asyncio.Event | None = None
    """Until then nobody hears what came of a `create`."""

    def _well(self, call: Call) -> Said:
        return {
            "models": Said(MODELS % self.owner),
            "create": Said(QUEUED),
            "look": Said(COMPLETED),
            "content": Said(self.clip),
            "file": Said(self.clip),
        }.get(call, Said(b"{}"))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        call = _call_of(request)
        self.calls[call] += 1
        self.paths.append(request.raw_path)
        await request.read()
        if call == "create" and self.held is not None:
            await self.held.wait()
        said = self.said.get(call) or self._well(call)
        key = request.headers.get("Authorization", "").encode() if said.echo else b""
        response = web.StreamResponse(status=said.status, headers=dict(said.headers))
        if not said.endless:
            response.content_length = len(said.body + key)
        await response.prepare(request)
        body = said.body + key
        await response.write(body[: len(body) // 2] if said.half else body)
        with suppress(ConnectionError):
            while said.endless:
                await response.write(said.body)
        if said.half and request.transport is not None:
            request.transport.abort()
        return response


def _call_of(request: web.Request) -> Call:
    tail = request.path.rpartition("/")[2]
    if tail in {"models", "events", "content"}:
        return tail
    if tail.endswith(".mp4"):
        return "file"
    if tail == "videos":
        return "create" if request.method == "POST" else "other"
    return "look" if request.method == "GET" else "other"


@asynccontextmanager
async def rude_server(
    said: Mapping[Call, Said], *, owner: bytes = b"somebody", clip: bytes = b""
) -> AsyncGenerator[RudeServer]:
    server = RudeServer(said, owner=owner, clip=clip)
    app = web.Application(client_max_size=2**26)
    app.router.add_route("*", "/{all:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
