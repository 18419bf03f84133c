"""What every answer to a GET shares: HEAD gets its head alone, who has it already a 304."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncGenerator, Mapping
from email.utils import parsedate_to_datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD_ONLY = "photoplay.head_only"
"""In a request's scope: true where only the head is wanted, so that no long body is made."""

OF_A_BODY = ("content-length", "content-type", "content-range", "content-disposition")
"""Headers that say nothing where no body follows."""


def head_of_stream(media_type: str, headers: Mapping[str, str]) -> Response:
    """The head of a stream, whose length nobody knows before its end."""
    return StreamingResponse(_nothing(), media_type=media_type, headers=headers)


async def _nothing() -> AsyncGenerator[bytes]:
    return
    yield


class Reads:
    """Outside the routes, which know GET alone; the server itself leaves a HEAD's body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        # A copy: the server goes by its own scope when it counts the bytes of the body.
        asked = {**scope, "method": "GET", HEAD_ONLY: scope["method"] == "HEAD"}
        await self._app(asked, receive, _Answer(Headers(scope=scope), send).say)


class _Answer:
    """Holds the head back until it is known whether the body is wanted."""

    def __init__(self, asked: Headers, send: Send) -> None:
        self._asked = asked
        self._send = send
        self._head: Message | None = None
        self._unchanged = False

    async def say(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
            headers = Headers(raw=message["headers"])
            if "content-length" not in headers and "etag" not in headers:
                await self._send_head()  # a stream: nothing of it is known before its end
            return
        if self._head is not None:
            self._finish(self._head, message)
            await self._send_head()
        if not self._unchanged:
            await self._send(message)

    async def _send_head(self) -> None:
        head, self._head = self._head, None
        assert head is not None
        await self._send(head)
        if self._unchanged:
            await self._send({"type": "http.response.body", "body": b""})

    def _finish(self, head: Message, body: Message) -> None:
        headers = MutableHeaders(raw=list(head["headers"]))
        if head["status"] not in (200, 206) or headers.get("cache-control") == "no-store":
            return
        if "etag" not in headers and not body.get("more_body", False):
            headers["etag"] = _tag(body.get("body", b""))
            headers.setdefault("cache-control", "private, no-cache")
        self._unchanged = unchanged(self._asked, headers)
        if self._unchanged:
            head["status"] = 304
            for name in OF_A_BODY:
                del headers[name]
        head["headers"] = headers.raw


def unchanged(asked: Headers, answer: Headers) -> bool:
    """Whether somebody who asks like this has this answer already."""
    known = asked.get("if-none-match")
    if known is not None:
        tag = answer.get("etag", "")
        return known.strip() == "*" or tag in {
            one.strip().removeprefix("W/") for one in known.split(",")
        }
    since, changed = asked.get("if-modified-since"), answer.get("last-modified")
    if since is None or changed is None:
        return False
    try:
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _tag(body: bytes) -> str:
    digest = hashlib.sha256(body).digest()[:18]
    return f'"{base64.urlsafe_b64encode(digest).decode()}"'
