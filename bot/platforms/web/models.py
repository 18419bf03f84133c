"""Which engines there are and what each supports, so that a form offers only what will be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from fastapi import APIRouter, Request
from pydantic import BaseModel

from bot.platforms.web.identity import Identity
from bot.platforms.web.openapi import errors
from generation.engine.protocol import Engine

OPTIONAL = ("seed", "seconds", "size", "num_frames", "fps")
"""Options that every engine has."""


class Supports(BaseModel):
    motions: list[str]
    effects: list[str]
    options: list[str]


class ModelDefaults(BaseModel):
    fps: int
    num_inference_steps: int | None
    guidance_scale: float | None
    negative_prompt: str


class Model(BaseModel):
    id: str
    object: str = "model"
    owned_by: str = "photoplay"
    supports: Supports
    defaults: ModelDefaults
    notice: str | None
    """What people should know of this engine, such as why it is not the one they expect."""


class Models(BaseModel):
    object: str = "list"
    data: list[Model]


class ModelList:
    """`notice` and why platforms have `stopped` are for everybody who opens the page."""

    def __init__(
        self,
        engine: Engine,
        identity: Identity,
        notice: str | None = None,
        stopped: Mapping[str, str] | None = None,
    ) -> None:
        self._engine = engine
        self._identity = identity
        self._notice = notice
        self._stopped = stopped or {}

    def router(self) -> APIRouter:
        router = APIRouter(tags=["models"], responses=errors(401, 405))
        router.add_api_route("/v1/models", self.models, methods=["GET"])
        return router

    async def models(self, request: Request) -> Models:
        """The engine that serves, with its motions, effects and options."""
        self._identity.caller(request)
        known = self._engine.capabilities
        supports = Supports(
            motions=sorted(motion.value for motion in known.motions),
            effects=sorted(effect.value for effect in known.effects),
            options=sorted({*known.options, *OPTIONAL}),
        )
        defaults = ModelDefaults(**asdict(known.defaults))
        notice = " ".join([*([self._notice] if self._notice else []), *self._stopped.values()])
        model = Model(id=known.model, supports=supports, defaults=defaults, notice=notice or None)
        return Models(data=[model])
