"""`POST /v1/videos/recipe`: how a clip that somebody has was made, read from the file itself."""

from __future__ import annotations

import base64
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from bot.platforms.web.identity import Identity
from bot.platforms.web.openapi import clip_body, errors
from bot.platforms.web.request_body import Reader
from bot.submission.returned import Described
from bot.submission.submit import Submission
from generation.dispatch.service import AnimationService
from generation.errors import UnsupportedOption
from generation.media.recipe import Scalar


class RecipeObject(BaseModel):
    object: Literal["video.recipe"] = "video.recipe"
    video_id: str | None = Field(description="Where it is a video of the caller's.")
    prompt: str
    effective_prompt: str
    negative_prompt: str
    seed: int
    engine: str
    model: str
    motion: str
    effect: str
    size: str
    num_frames: int
    fps: int
    created_at: int
    picture: str = Field(description="Its first frame, as a data URL of a PNG.")
    options: dict[str, Scalar] = Field(
        description="Whatever else had an effect, by name; `lineage` and `in_full` among them."
    )


class Recipes:
    def __init__(
        self,
        service: AnimationService,
        submission: Submission,
        identity: Identity,
        reader: Reader,
    ) -> None:
        self._service = service
        self._submission = submission
        self._identity = identity
        self._reader = reader

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1/videos", tags=["videos"], responses=errors(401, 405))
        router.add_api_route(
            "/recipe",
            self.recipe,
            methods=["POST"],
            responses=errors(400, 403, 408, 413, 503),
            openapi_extra=clip_body(),
        )
        return router

    async def recipe(self, request: Request) -> RecipeObject:
        """Nothing is queued; `POST /v1/videos` with the file as its picture makes it again."""
        caller = self._identity.caller(request)
        async with self._submission.reading(caller) as upload:
            clip = await self._reader.clip(request, upload)
            found = await self._submission.returned.described(clip, caller.owner)
            if found is None:
                raise UnsupportedOption("foreign_video", "video")
            job = await self._service.made_as(clip, caller.requester)
        return recipe_object(found, None if job is None else job.id)


def recipe_object(found: Described, video_id: str | None) -> RecipeObject:
    recipe, picture = found.recipe, base64.b64encode(found.picture).decode()
    return RecipeObject(
        video_id=video_id,
        picture=f"data:image/png;base64,{picture}",
        prompt=recipe.prompt,
        effective_prompt=recipe.effective_prompt,
        negative_prompt=recipe.negative_prompt,
        seed=recipe.seed,
        engine=recipe.engine,
        model=recipe.model,
        motion=recipe.motion,
        effect=recipe.effect,
        size=f"{recipe.width}x{recipe.height}",
        num_frames=recipe.frames,
        fps=recipe.fps,
        created_at=int(recipe.created.timestamp()),
        options=dict(recipe.options),
    )
