"""The web chat's page, and the trade of a key for its cookie."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from bot.platforms.web.files import ServedFile
from bot.platforms.web.identity import Identity
from bot.platforms.web.languages import catalogue_of

PAGE = ("page.", "options.", "directions.", "chat.time.", "chat.button.")
"""Beginnings of the keys whose sentences the page has to know."""

STATIC = Path(str(resources.files("bot.platforms.web") / "static"))


class SessionBody(BaseModel):
    key: str = Field(max_length=500)


class Page:
    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.page, methods=["GET"])
        router.add_api_route("/docs", self.docs, methods=["GET"])
        router.add_api_route("/words", self.words, methods=["GET"])
        router.add_api_route("/session", self.session, methods=["POST"], status_code=204)
        return router

    def assets(self) -> BaseRoute:
        return Mount("/static", StaticFiles(directory=STATIC))

    async def page(self, request: Request) -> Response:
        response = ServedFile(STATIC / "index.html", headers={"Cache-Control": "no-cache"})
        self._identity.greet(request, response)
        return response

    async def docs(self) -> Response:
        """The description of the API, for people; everything it needs comes from here."""
        return ServedFile(STATIC / "docs.html", headers={"Cache-Control": "no-cache"})

    async def words(self, request: Request) -> JSONResponse:
        """What the page says, in the browser's language."""
        catalogue = catalogue_of(request)
        keys = (key for key in catalogue.keys if key.startswith(PAGE))
        words = {key: catalogue.sentence(key) for key in keys}
        content = {"language": catalogue.locale, "words": words}
        return JSONResponse(content, headers={"Cache-Control": "no-cache"})

    async def session(self, request: Request, session: SessionBody) -> Response:
        """Raises `Unauthorized` for a wrong key."""
        response = Response(status_code=204)
        if self._identity.keys_needed:
            self._identity.trade(session.key, request, response)
        return response
