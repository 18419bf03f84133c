"""A video's files: the MP4, and pictures that stand for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.platforms.web.errors import said
from bot.platforms.web.files import ServedFile
from bot.platforms.web.identity import Identity
from bot.platforms.web.openapi import errors, files
from bot.platforms.web.videos import VideoId
from generation.dispatch.service import AnimationService
from generation.events import Finished, Succeeded
from generation.jobs import Job
from generation.media.errors import EncodingFailed
from generation.media.stills import poster, sheet
from generation.workspace import Workspace

AT_ONCE = 2
"""Pictures made side by side: each takes a core for a moment."""

CACHED = {"Cache-Control": "private, max-age=86400, immutable"}


class Variant(StrEnum):
    """`source` and `poster` are there from the first second, the others once it is finished."""

    VIDEO = "video"
    THUMBNAIL = "thumbnail"
    SPRITESHEET = "spritesheet"
    SOURCE = "source"
    POSTER = "poster"


class Content:
    def __init__(self, service: AnimationService, identity: Identity, workspace: Workspace) -> None:
        self._service = service
        self._identity = identity
        self._workspace = workspace
        self._free = asyncio.Semaphore(AT_ONCE)

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1/videos", tags=["videos"], responses=errors(401, 405))
        kinds = files("video/mp4", "image/jpeg", "image/png")
        router.add_api_route(
            "/{video_id}/content",
            self.content,
            methods=["GET"],
            response_class=ServedFile,
            responses={**kinds, **errors(400, 404, 409, 416)},
        )
        return router

    async def content(
        self, request: Request, video_id: VideoId, variant: Variant = Variant.VIDEO
    ) -> Response:
        """The MP4, or a picture of it; byte ranges are served."""
        caller = self._identity.caller(request)
        job = await self._service.job(video_id, caller.requester)
        match variant:
            case Variant.SOURCE | Variant.POSTER:
                return await self._beginning(request, job, variant)
            case Variant.VIDEO | Variant.THUMBNAIL | Variant.SPRITESHEET:
                return await self._result(request, job, variant)

    async def _beginning(self, request: Request, job: Job, variant: Variant) -> Response:
        """What was there before the clip: the picture, upright, or as the clip shows it."""
        picture, asked = self._workspace.input(job.request.image), job.request
        if picture.exists() and variant is Variant.SOURCE:
            return ServedFile(picture, media_type="image/png", headers=CACHED)
        if picture.exists():
            return await self._drawn(request, lambda: poster(picture, asked.width, asked.height))
        thumbnail = self._workspace.thumbnail(job.id)
        if variant is Variant.POSTER and thumbnail.exists():
            return ServedFile(thumbnail, media_type="image/jpeg", headers=CACHED)
        return said(request, 404, "expired")

    async def _result(self, request: Request, job: Job, variant: Variant) -> Response:
        event = (await self._service.view(job.id)).event
        if not isinstance(event, Finished):
            return said(request, 409, "not_finished")
        if not isinstance(event.outcome, Succeeded):
            return said(request, 404, "no_content")
        path, kind = self._workspace.clip(job.id), "video/mp4"
        if variant is Variant.THUMBNAIL:
            path, kind = self._workspace.thumbnail(job.id), "image/jpeg"
        if not path.exists():
            return said(request, 404, "expired")
        if variant is Variant.SPRITESHEET:
            frames = event.outcome.clip.frames
            return await self._drawn(request, lambda: sheet(path, frames))
        name = f"photoplay-{job.id.removeprefix('video_')}{path.suffix}"
        return ServedFile(
            path,
            media_type=kind,
            filename=name,
            content_disposition_type="inline",
            headers=CACHED,
        )

    async def _drawn(self, request: Request, draw: Callable[[], bytes]) -> Response:
        async with self._free:
            try:
                jpeg = await asyncio.to_thread(draw)
            except EncodingFailed:  # the file went while it was read
                return said(request, 404, "expired")
        return Response(jpeg, media_type="image/jpeg", headers=CACHED)
