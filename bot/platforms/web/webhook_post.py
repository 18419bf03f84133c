"""One webhook on its way: to the address that was checked and to no other."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.platforms.web.webhook_sender import NotPosted, Post

PATIENCE = 15.0
"""Seconds a receiver has to answer."""


@asynccontextmanager
async def posting(reach: Callable[[str], bool], patience: float = PATIENCE) -> AsyncGenerator[Post]:
    """`reach`: whether a connection may go to an address.

    It is asked with the very address that is connected to: a name may have meant another before.
    """

    def made(found: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = found
        if not reach(address[0]):
            raise ConnectionRefusedError("a webhook may not go to a private address")
        return socket.socket(family, kind, protocol)

    async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Answers with redirects are no answers: they could lead anywhere."""
        try:
            async with session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            raise NotPosted(type(error).__name__) from None

    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=made, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=patience),
        headers={"User-Agent": "photoplay"},
    ) as session:
        yield post
