"""What the words of a prompt are understood to ask for, before anything is made of them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.language.reasons import noted
from bot.platforms.web.identity import Identity
from bot.platforms.web.languages import catalogue_of
from bot.platforms.web.openapi import errors
from bot.submission.intake import MAX_PROMPT
from generation.directions.describe import described
from generation.directions.parse import parse, refused
from generation.directions.vocabulary import Degree, Directions, Effect, Motion, Speed
from generation.directions.words import language_of

Prompt = Annotated[str, Field(max_length=MAX_PROMPT, examples=["slowly push in, then rain"])]


class PromptBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    prompt: Prompt


class MoveObject(BaseModel):
    motion: Motion
    speed: Speed
    degree: Degree


class DirectionsObject(BaseModel):
    object: Literal["directions"] = "directions"
    shots: list[list[MoveObject]] = Field(
        description="One after the other; the moves of one shot happen together."
    )
    effects: list[Effect] = Field(description="In the order in which they were asked for.")
    notes: list[str] = Field(description="The same in sentences, as they will stand with the clip.")
    understood: bool = Field(description="Whether anything of camera or weather was found.")
    language: str | None = Field(
        description="In which language it was found; of several, the one of most clauses."
    )


class Understanding:
    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1", tags=["directions"], responses=errors(401, 405))
        router.add_api_route(
            "/directions", self.directions, methods=["POST"], responses=errors(400, 403, 413)
        )
        return router

    async def directions(self, request: Request, body: PromptBody) -> DirectionsObject:
        """The camera's moves and the weather that a prompt asks for; nothing is queued."""
        self._identity.caller(request)
        found = parse(body.prompt)
        notes = noted(catalogue_of(request), described(found, refused(body.prompt)))
        return directions_object(found, notes, language_of(body.prompt))


def directions_object(found: Directions, notes: list[str], language: str) -> DirectionsObject:
    return DirectionsObject(
        shots=[
            [MoveObject(motion=m.motion, speed=m.speed, degree=m.degree) for m in shot]
            for shot in found.shots
        ],
        effects=list(found.effects),
        notes=notes,
        understood=bool(notes),
        language=language if notes else None,
    )
