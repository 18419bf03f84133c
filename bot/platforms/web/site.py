"""Puts the web front together and serves it inside the program's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator
from urllib.parse import urlsplit

import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

from bot.language.catalogue import Texts
from bot.platforms.web import errors
from bot.platforms.web.connections import (
    USUAL_LIMITS,
    ConnectionLimits,
    LimitedConfig,
    LimitedProtocol,
)
from bot.platforms.web.guard import Guard
from bot.platforms.web.languages import Languages
from bot.platforms.web.openapi import document, without_422
from bot.platforms.web.page import Page
from bot.platforms.web.reads import Reads
from bot.platforms.web.request_turns import RequestTurns
from bot.platforms.web.sse import Streams
from bot.platforms.web.sub_path import SubPath
from generation.errors import Misconfigured

TAKEN_AT_ONCE, WAITING = 32, 512
"""Newcomers that are let in before one is let go at the cap, and how many may be at the door."""


def site(
    routers: Iterable[APIRouter],
    page: Page,
    *,
    version: str,
    hosts: Collection[str],
    public_url: str | None,
    texts: Texts,
) -> ASGIApp:
    """The whole web front as one ASGI application."""
    below = urlsplit(public_url or "").path
    app = FastAPI(
        title="photoplay",
        version=version,
        description="Pictures brought to life: the OpenAI Videos API on your own machine.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": below}] if below else None,
    )
    errors.install(app)
    for router in (*routers, page.router()):
        app.include_router(router)
    app.router.routes.append(page.assets())
    app.openapi = without_422(app)  # type: ignore[method-assign]
    app.add_route("/openapi.json", document(app), include_in_schema=False)
    inner = SubPath(RequestTurns(Reads(app)), below)
    return Languages(Guard(inner, hosts=hosts, public_url=public_url), texts)


def listen(host: str, port: int) -> socket.socket:
    """Raises `Misconfigured` where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, asyncio turns Nagle's delay off; unnamed, every small answer waits 40 ms.
    listener = socket.socket(family, proto=socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(WAITING)
    except OSError as error:
        listener.close()
        raise Misconfigured(
            f"Port {port} on {host} cannot be used ({error.strerror}); "
            "choose another with --port or web.port."
        ) from None
    return listener


class WebServer:
    """uvicorn without its own signal handlers: the program decides when to stop.

    `beside` goes on as long as it serves.
    """

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        streams: Streams,
        proxies: Collection[str],
        limits: ConnectionLimits = USUAL_LIMITS,
        *,
        beside: Callable[[], Coroutine[None, None, None]] | None = None,
    ) -> None:
        config = LimitedConfig(
            app,
            http=LimitedProtocol,
            timeout_keep_alive=limits.between,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=list(proxies),
            timeout_graceful_shutdown=5,
            lifespan="off",
            backlog=TAKEN_AT_ONCE,
        )
        config.limits = limits
        self._server = _Quiet(config)
        self._listener = listener
        self._streams = streams
        self._beside = beside

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            beside = tasks.create_task(self._beside()) if self._beside is not None else None
            await self._server.serve(sockets=[self._listener])
            if beside is not None:
                beside.cancel()

    @property
    def url(self) -> str:
        host, port = self._listener.getsockname()[:2]
        if host in ("0.0.0.0", "::"):
            host = "127.0.0.1"
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def stop(self) -> None:
        """End the event streams, then let open answers finish."""
        self._streams.close()
        await asyncio.sleep(0)
        self._server.should_exit = True


class _Quiet(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(WAITING)  # which asyncio takes for the same number

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
