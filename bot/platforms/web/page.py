"""The page in its reader's language, what makes it an app, the trade of a key for its cookie."""

from __future__ import annotations

import html
import json
import re
from importlib import resources
from pathlib import Path

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount

from bot.language.catalogue import Catalogue
from bot.platforms.web.assets import ASK_AGAIN, Assets, Packed, pack
from bot.platforms.web.identity import Identity
from bot.platforms.web.languages import catalogue_of

PAGE = (
    "page.",
    "options.",
    "directions.",
    "chat.time.",
    "chat.button.",
    "chat.label.seconds",
    "chat.film.counts",
    "chat.recipe.lineage.",
    "errors.quota_exceeded.several_",
    "errors.invalid_image.video",
    "errors.expired.picture",
)
"""Beginnings of the keys whose sentences the page has to know."""

STATIC = Path(str(resources.files("bot.platforms.web") / "static"))

PLACE = re.compile(r"\{\{([\w.-]+)\}\}")

ICONS = (("192", "icon-192.png"), ("512", "icon-512.png"))


class SessionBody(BaseModel):
    key: str = Field(max_length=500)


class Page:
    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._assets = Assets(STATIC, script="app.js")
        self._pages: dict[str, Packed] = {}

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.page, methods=["GET"])
        router.add_api_route("/docs", self.docs, methods=["GET"])
        router.add_api_route("/manifest.webmanifest", self.manifest, methods=["GET"])
        router.add_api_route("/sw.js", self.worker, methods=["GET"])
        router.add_api_route("/session", self.session, methods=["POST"], status_code=204)
        router.add_api_route("/session", self.sign_out, methods=["DELETE"], status_code=204)
        return router

    def assets(self) -> BaseRoute:
        return Mount("/static", self._assets)

    async def page(self, request: Request) -> Response:
        catalogue = catalogue_of(request)
        if catalogue.locale not in self._pages:
            self._pages[catalogue.locale] = pack(self._written(catalogue).encode())
        response = self._pages[catalogue.locale].answer(request, "text/html", ASK_AGAIN)
        self._identity.greet(request, response)
        return response

    def _written(self, catalogue: Catalogue) -> str:
        """The page with its sentences in it; those that it says later lie beside them."""
        keys = sorted(key for key in catalogue.keys if key.startswith(PAGE))
        words = {key: catalogue.sentence(key) for key in keys}
        told = {"language": catalogue.locale, "version": self._assets.version, "words": words}
        facts = {
            "language": catalogue.locale,
            "version": self._assets.version,
            "told": json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"),
        }

        def fill(found: re.Match[str]) -> str:
            name = found[1]
            return facts[name] if name in facts else html.escape(catalogue.sentence(name))

        return PLACE.sub(fill, self._assets.text("index.html"))

    async def docs(self, request: Request) -> Response:
        """The description of the API, for people; everything it needs comes from here."""
        return self._assets.answer(request, "docs.html", caching=ASK_AGAIN)

    async def worker(self, request: Request) -> Response:
        """Beside the page: a service worker serves what lies below it."""
        return self._assets.answer(request, "sw.js", caching=ASK_AGAIN)

    async def manifest(self, request: Request) -> JSONResponse:
        """What a phone needs to install the page and to share pictures with it."""
        version = self._assets.version
        icons = [
            {"src": f"static/{name}?v={version}", "sizes": f"{side}x{side}", "type": "image/png"}
            for side, name in ICONS
        ]
        content = {
            "name": "photoplay",
            "short_name": "photoplay",
            "description": catalogue_of(request).sentence("page.subtitle"),
            "lang": catalogue_of(request).locale,
            "id": "./",
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
            "background_color": "#f6f3ee",
            "theme_color": "#b4491f",
            "icons": [*icons, {**icons[1], "purpose": "maskable"}],
            "share_target": {
                "action": "share",
                "method": "POST",
                "enctype": "multipart/form-data",
                "params": {
                    "text": "text",
                    "files": [{"name": "picture", "accept": ["image/*"]}],
                },
            },
        }
        kind = "application/manifest+json"
        return JSONResponse(content, headers={"Cache-Control": ASK_AGAIN}, media_type=kind)

    async def session(self, request: Request, session: SessionBody) -> Response:
        """Raises `Unauthorized` for a wrong key."""
        response = Response(status_code=204)
        if self._identity.keys_needed:
            self._identity.trade(session.key, request, response)
        return response

    async def sign_out(self) -> Response:
        """The cookie goes; without keys a browser stays itself."""
        response = Response(status_code=204)
        if self._identity.keys_needed:
            self._identity.part(response)
        return response
