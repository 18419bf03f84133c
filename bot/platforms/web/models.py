"""Which engines there are and what each supports, so that a form offers only what will be taken."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.language.reasons import refusal
from bot.platforms.notices import Notices
from bot.platforms.web.errors import error_response
from bot.platforms.web.identity import Identity
from bot.platforms.web.languages import catalogue_of
from bot.platforms.web.openapi import errors
from generation.dispatch.offering import Offering
from generation.dispatch.workers import Workers
from generation.engine.protocol import Capabilities
from generation.errors import UnsupportedOption
from generation.store.history import History

HOUR = 3600.0

OPTIONAL = ("seed", "seconds", "size", "num_frames", "fps")
"""Options that every engine has."""


ALIASES = frozenset({"auto", "photoplay"})
SORA = "sora-"
"""Clients of the same API ask for one of these names, dated or not, and mean whatever is there."""


def model_named(name: str | None, each: Sequence[Capabilities]) -> str | None:
    """The model to wait for where there are several; `None` is whichever is free.

    Raises `UnsupportedOption` for a name that nothing here has; none is whatever is there.
    """
    models = {known.model for known in each}
    names = models | {known.engine for known in each}
    if name is not None and name not in ALIASES | names and not name.startswith(SORA):
        raise UnsupportedOption("no_such_model", "model", known=tuple(sorted(names)))
    return name if name in models and len(models) > 1 else None


class EngineOnPage(BaseModel):
    name: str = Field(description="Its device or its server.")
    status: str = Field(description="starting, idle, working, draining or out.")
    told: str = Field(description="All of it in a sentence, in the reader's language.")
    jobs: list[str]


class Supports(BaseModel):
    motions: list[str]
    effects: list[str]
    options: list[str]
    extend: bool = Field(description="Whether `extend` and `extensions` are taken.")
    loop: bool = Field(description="Whether `loop` is taken.")
    boomerang: bool = Field(description="Whether `boomerang` is taken.")
    upscale: bool = Field(description="Whether `upscale` is taken.")
    film: bool = Field(description="Whether `scenes` are taken: of every engine's clips.")


class ModelDefaults(BaseModel):
    fps: int
    num_inference_steps: int | None
    guidance_scale: float | None
    negative_prompt: str


class ModelOffer(BaseModel):
    model: str
    gigabytes: float = Field(description="To download.")
    licence: str
    command: str


class Model(BaseModel):
    id: str
    object: str = "model"
    owned_by: str = "photoplay"
    supports: Supports
    defaults: ModelDefaults
    notice: str | None
    """What people should know of this engine, such as why it is not the one they expect."""
    offer: ModelOffer | None = Field(
        description="The model that would serve if its weights were here."
    )
    capacity: int = Field(description="Clips that are rendered side by side by engines like this.")
    engines: list[EngineOnPage] | None = Field(
        description="All of them, on this machine or with a key; null for others."
    )
    estimate_seconds: float | None = Field(
        description="For a clip of the usual length and size that waits for nobody; null until"
        " there is data."
    )


class Models(BaseModel):
    object: str = "list"
    data: list[Model]


ModelName = Annotated[str, Path(max_length=200)]


class ModelList:
    """`notices` are for everybody who opens the page.

    `estimate`: seconds that a usual clip takes, where that is known.
    """

    def __init__(
        self,
        offered: Offering,
        workers: Workers,
        history: History,
        identity: Identity,
        estimate: Callable[[], float | None],
        notices: Notices,
    ) -> None:
        self._offered = offered
        self._workers = workers
        self._history = history
        self._identity = identity
        self._estimate = estimate
        self._notices = notices

    def router(self) -> APIRouter:
        router = APIRouter(tags=["models"], responses=errors(401, 405))
        router.add_api_route("/v1/models", self.models, methods=["GET"])
        router.add_api_route(
            "/v1/models/{model_id:path}",
            self.model,
            methods=["GET"],
            response_model=Model,
            responses=errors(400, 404),
        )
        return router

    async def models(self, request: Request) -> Models:
        """The engines that serve, with their motions, effects and options."""
        self._identity.caller(request)
        engines = await self._engines(request)
        return Models(data=[self._model(one, engines) for one in self._offered.each])

    async def model(self, request: Request, model_id: ModelName) -> Model | Response:
        """The engine that serves, by its name or by one that means whatever is there."""
        self._identity.caller(request)
        try:
            model_named(model_id, self._offered.each)
        except UnsupportedOption as error:
            message = refusal(catalogue_of(request), error)
            return error_response(404, message, "model_not_found", param="model")
        each = self._offered.each
        chosen = next((known for known in each if known.model == model_id), each[0])
        return self._model(chosen, await self._engines(request))

    async def _engines(self, request: Request) -> list[EngineOnPage] | None:
        """`None` for those who may not look inside."""
        if not self._identity.may_look_inside(request):
            return None
        clips = await self._history.clips_by_engine(time.time() - HOUR)
        say = catalogue_of(request).say
        return [
            EngineOnPage(
                name=one.name,
                status=one.status.value,
                told=say(
                    "chat.admin.engine",
                    name=one.name,
                    model=one.model,
                    state=say(f"chat.admin.state_{one.status}"),
                    clips=clips.get(one.name, 0),
                ),
                jobs=list(one.jobs),
            )
            for one in self._workers.states()
        ]

    def _model(self, known: Capabilities, engines: list[EngineOnPage] | None) -> Model:
        alike = [
            state
            for state in self._workers.states()
            if (state.engine, state.model) == (known.engine, known.model)
        ]
        supports = Supports(
            motions=sorted(motion.value for motion in known.motions),
            effects=sorted(effect.value for effect in known.effects),
            options=sorted({*known.options, *OPTIONAL}),
            extend="extends" in known.options,
            loop="loop" in known.options,
            boomerang="boomerang" in known.options,
            upscale="upscales" in known.options,
            film=True,
        )
        defaults = ModelDefaults(**asdict(known.defaults))
        told = self._notices
        notice = " ".join([*([told.engine] if told.engine else []), *told.stopped.values()])
        seconds = self._estimate()
        return Model(
            id=known.model,
            supports=supports,
            defaults=defaults,
            notice=notice or None,
            offer=None if told.offer is None else ModelOffer(**asdict(told.offer)),
            capacity=sum(state.capacity for state in alike),
            engines=engines,
            estimate_seconds=None if seconds is None else round(seconds, 1),
        )
