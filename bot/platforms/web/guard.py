"""What is turned away before any route sees it: foreign hosts, foreign pages, endless bodies."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.platforms.web.errors import (
    CLOSING,
    MAX_BODY,
    MAX_OTHER_BODY,
    BodyTooLarge,
    error_response,
    too_large,
)
from bot.platforms.web.languages import catalogue_of

PICTURES = "/v1/videos"

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self'; "
    "script-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
NOTHING = "default-src 'none'"
"""For the page's own files, of which there are many, and what is no HTTP: no page, no worker."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """Pure ASGI, so that a refused body is not read and event streams are not buffered."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], public_url: str | None) -> None:
        self._app = app
        self._public = urlsplit(public_url) if public_url else None
        names = {host.strip("[]").lower() for host in hosts}
        if self._public and self._public.hostname:
            names.add(self._public.hostname)
        self._hosts = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = (b"content-security-policy", _policy(scope).encode())
                message["headers"] = [*message.get("headers", ()), policy, *HEADERS]
            await send(message)

        refusal = self._refusal(HTTPConnection(scope))
        if refusal is not None:
            await refusal(scope, receive, say)
        else:
            await self._app(scope, _limited(receive, self._most(scope)), say)

    def _refusal(self, request: HTTPConnection) -> ASGIApp | None:
        headers, catalogue = request.headers, catalogue_of(request)
        [host, *more] = headers.getlist("host") or [""]
        if more or not self._is_ours(host):
            return error_response(400, catalogue.say("web.wrong_host"), "wrong_host")
        if request.scope["method"] not in SAFE and self._is_foreign(headers):
            return error_response(403, catalogue.say("web.foreign_origin"), "foreign_origin")
        length = headers.get("content-length", "0")
        most = self._most(request.scope)
        if length.isdecimal() and int(length[:12]) > most:
            refusal = too_large(catalogue, most)
            refusal.headers.update(CLOSING)
            return refusal
        return None

    def _most(self, scope: Scope) -> int:
        """Bytes of a body; a proxy may leave its own part of the path in front of ours."""
        below = self._public.path.rstrip("/") if self._public else ""
        path = str(scope["path"]).removeprefix(below)
        return MAX_BODY if path.startswith(PICTURES) else MAX_OTHER_BODY

    def _is_ours(self, host: str) -> bool:
        name = _hostname(host)
        return name in self._hosts or any(fnmatchcase(name, one) for one in self._hosts)

    def _is_foreign(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site in ("cross-site", "same-origin"):  # the browser knows, whatever a proxy makes of it
            return site == "cross-site"
        origin = headers.get("origin")
        if origin is None:
            return False
        ours = {headers.get("host", "").lower()}
        if self._public:
            ours.add(self._public.netloc.lower())
        return urlsplit(origin).netloc.lower() not in ours


def _policy(scope: Scope) -> str:
    return NOTHING if "/static/" in scope["path"] else POLICY


def _hostname(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _limited(receive: Receive, most: int) -> Receive:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise BodyTooLarge(most)
        return message

    return limited
