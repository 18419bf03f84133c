"""Connections that nobody uses may not keep anybody out: heads are short, silence ends."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from bot.platforms.web.errors import error_response
from bot.platforms.web.guard import HEADERS, NOTHING

RESERVED = 200
"""Open files that are not connections: the database, children's pipes, chats, clips."""


def most_connections() -> int:
    return max(resource.getrlimit(resource.RLIMIT_NOFILE)[0] - RESERVED, 50)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Seconds and bytes; `head`: of a request, and until the first one begins.

    `ahead`: requests that may be sent before the one that is answered now has been.
    """

    head: float = 10.0
    between: int = 60
    head_bytes: int = 64 * 2**10
    ahead: int = 16
    most: Callable[[], int] = most_connections


USUAL_LIMITS = ConnectionLimits()


def _plain_refusal() -> bytes:
    policy = (b"content-security-policy", NOTHING.encode())
    answer = error_response(400, "This is no HTTP request that can be read.", "bad_request")
    head = b"".join(
        b"%s: %s\r\n" % header
        for header in (*answer.raw_headers, policy, *HEADERS, (b"connection", b"close"))
    )
    return STATUS_LINE[400] + head + b"\r\n" + bytes(answer.body)


NOT_HTTP = _plain_refusal()


class LimitedConfig(uvicorn.Config):
    """uvicorn's configuration and our limits, as its protocol finds them."""

    limits = USUAL_LIMITS


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol; at the cap the least busy and longest silent connection is closed."""

    config: LimitedConfig

    def __init__(
        self,
        config: LimitedConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = config.limits
        self._deadline: asyncio.TimerHandle | None = None
        self._unused_bytes = self._field_bytes = 0
        self.heard = self.loop.time()

    @property
    def is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    @property
    def business(self) -> tuple[int, float]:
        """Whose connection goes first: idle ones, then who still sends, then who is answered."""
        if self.is_idle:
            return 0, self.heard
        return (1 if self.cycle.more_body else 2), self.heard

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()
        most = self._limits.most()
        if len(self.connections) > most:
            self._make_room(1 + most // 64)

    def _make_room(self, together: int) -> None:
        """For some at once: among many it takes long to find who is to go."""
        known = (one for one in self.connections if isinstance(one, LimitedProtocol))
        others = (one for one in known if one is not self)
        first, *more = nsmallest(together, others, key=lambda one: one.business)
        first.drop()
        for one in more:
            if one.is_idle:
                one.drop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        super().connection_lost(exc)

    def drop(self) -> None:
        self.connections.discard(self)
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        self.heard = self.loop.time()
        self._unused_bytes += len(data)
        super().data_received(data)
        if self._unused_bytes > self._limits.head_bytes:  # of a head, or around and after a body
            self._refuse()

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= self._limits.ahead:
            raise ValueError("too many requests before their answers")
        self._expect_head()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._field_bytes += len(name) + len(value)
        if self._field_bytes > self._limits.head_bytes:
            raise ValueError("the head is too large")  # for the parser a message like any bad one
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._unused_bytes = 0
        self._head_is_here()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unused_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._unused_bytes = self._field_bytes = 0

    def _expect_head(self) -> None:
        self._head_is_here()
        self._deadline = self.loop.call_later(self._limits.head, self.drop)

    def _head_is_here(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def send_400_response(self, msg: str) -> None:
        """Before there is a request nobody has named a language yet."""
        self.transport.write(NOT_HTTP)
        self.transport.close()

    def _refuse(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(
                STATUS_LINE[431] + b"connection: close\r\ncontent-length: 0\r\n\r\n"
            )
            self.transport.close()
