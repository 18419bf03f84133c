"""In which language a request is answered: the one chosen on the page, or `Accept-Language`'s."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.language.catalogue import Catalogue, Texts

CHOSEN = "photoplay-language"
"""The cookie in which the page keeps the choice of its reader."""


class Languages:
    """Chooses the catalogue once a request, for whatever is said in the answer."""

    def __init__(self, app: ASGIApp, texts: Texts) -> None:
        self._app = app
        self._texts = texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        catalogue = self._texts.accepted(_wanted(Headers(scope=scope)))
        scope.setdefault("state", {})["catalogue"] = catalogue

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start" and "/static/" not in scope["path"]:
                headers = [*message.get("headers", ()), (b"vary", b"Accept-Language, Cookie")]
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, say)


def catalogue_of(request: HTTPConnection) -> Catalogue:
    catalogue = request.state.catalogue
    assert isinstance(catalogue, Catalogue)
    return catalogue


def _wanted(headers: Headers) -> str | None:
    asked = headers.get("accept-language")
    chosen = cookie_parser(headers.get("cookie", "")).get(CHOSEN, "")
    return f"{chosen}, {asked or ''}" if chosen.replace("-", "").isalpha() else asked
