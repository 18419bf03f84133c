"""A file as an answer: its ranges, and no more of it than is asked for."""

from __future__ import annotations

import asyncio
import os
import re

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from bot.platforms.web.errors import said
from bot.platforms.web.reads import HEAD_ONLY, unchanged

RANGES = re.compile(r"bytes=\s*(?:\d+-\d*|-\d+)(?:\s*,\s*(?:\d+-\d*|-\d+))*\s*", re.IGNORECASE)
"""What is not written so, or in other units, is answered as if nobody had asked for a part."""


class ServedFile(FileResponse):
    """Gives the head alone where that is enough, and refuses a range in our own words."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = await asyncio.to_thread(os.stat, self.path)
        self.stat_result = found
        self.set_stat_headers(found)
        asked = Headers(scope=scope)
        if scope.get(HEAD_ONLY) or unchanged(asked, self.headers):
            scope = {**scope, "method": "HEAD"}
        if not _has_ranges(asked.get("range", "")):
            kept = [(name, value) for name, value in scope["headers"] if name != b"range"]
            scope = {**scope, "headers": kept}
        refused: list[Headers] = []

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 416:
                refused.append(Headers(raw=message["headers"]))
            if not refused:
                await send(message)

        await super().__call__(scope, receive, say)
        for headers in refused:
            answer = said(HTTPConnection(scope), 416, "bad_range")
            answer.headers["Content-Range"] = headers["content-range"]
            await answer(scope, receive, send)


def _has_ranges(asked: str) -> bool:
    if RANGES.fullmatch(asked) is None:
        return False
    parts = (part.strip().partition("-") for part in asked.partition("=")[2].split(","))
    return all(not first or not last or int(first) <= int(last) for first, _, last in parts)
