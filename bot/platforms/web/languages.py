"""In which language a request is answered: the one its `Accept-Language` names, else English."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.language.catalogue import Catalogue, Texts


class Languages:
    """Chooses the catalogue once a request, for whatever is said in the answer."""

    def __init__(self, app: ASGIApp, texts: Texts) -> None:
        self._app = app
        self._texts = texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        catalogue = self._texts.accepted(Headers(scope=scope).get("accept-language"))
        scope.setdefault("state", {})["catalogue"] = catalogue

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"vary", b"Accept-Language")]
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, say)


def catalogue_of(request: HTTPConnection) -> Catalogue:
    catalogue = request.state.catalogue
    assert isinstance(catalogue, Catalogue)
    return catalogue
