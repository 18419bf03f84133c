"""The WebSocket half of the Discord on loopback: hello, heartbeats, events, and resuming."""

from __future__ import annotations

import json
import zlib
from typing import Any

from aiohttp import WSMsgType, web

DISPATCH, INVALID_SESSION, HELLO, ACKNOWLEDGED = 0, 9, 10, 11


class Gateway:
    """One session with one shard: events are numbered and kept, so that none is lost."""

    def __init__(self, ready: dict[str, Any], first: list[tuple[str, dict[str, Any]]]) -> None:
        self.identified = 0
        self.resumed = 0
        self.heartbeats = 0
        self.presences: list[dict[str, Any]] = []
        self._ready = ready
        self._first = first
        self._events: list[dict[str, Any]] = []
        self._socket: _Socket | None = None

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        raw = web.WebSocketResponse()
        await raw.prepare(request)
        socket = _Socket(raw, compressed=request.query.get("compress") == "zlib-stream")
        await socket.send({"op": HELLO, "d": {"heartbeat_interval": 41250}})
        async for message in raw:
            if message.type is WSMsgType.TEXT:
                await self._heard(socket, json.loads(message.data))
        if self._socket is socket:
            self._socket = None
        return raw

    async def tell(self, name: str, data: dict[str, Any]) -> None:
        """An event; kept for who is not connected now."""
        event = {"op": DISPATCH, "t": name, "s": len(self._events) + 1, "d": data}
        self._events.append(event)
        if self._socket is not None:
            await self._socket.send(event)

    async def drop(self) -> None:
        """The connection ends, the session goes on."""
        if self._socket is not None:
            socket, self._socket = self._socket, None
            await socket.raw.close(code=4000)

    async def forget(self) -> None:
        """The session is over: who wants to go on has to begin anew."""
        assert self._socket is not None
        socket, self._socket = self._socket, None
        await socket.send({"op": INVALID_SESSION, "d": False})

    async def _heard(self, socket: _Socket, said: dict[str, Any]) -> None:
        match said["op"]:
            case 1:
                self.heartbeats += 1
                await socket.send({"op": ACKNOWLEDGED})
            case 2:
                self.identified += 1
                self._socket = socket
                await self.tell("READY", self._ready)
                for name, data in self._first:
                    await self.tell(name, data)
            case 3:
                self.presences.append(said["d"])
            case 6:
                self.resumed += 1
                missed = self._events[said["d"]["seq"] :]
                self._socket = socket
                for event in missed:
                    await socket.send(event)
                await self.tell("RESUMED", {})
            case _:  # the library says more than anybody here needs
                pass


class _Socket:
    def __init__(self, raw: web.WebSocketResponse, *, compressed: bool) -> None:
        self.raw = raw
        self._zlib = zlib.compressobj() if compressed else None

    async def send(self, payload: dict[str, Any]) -> None:
        text = json.dumps(payload)
        if self._zlib is None:
            await self.raw.send_str(text)
            return
        packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        await self.raw.send_bytes(packed)
