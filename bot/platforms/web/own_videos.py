"""What a caller does with videos that are there: mark one, take several home in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, StrictBool
from starlette.responses import Response, StreamingResponse

from bot.platforms.web.archive import zipped
from bot.platforms.web.errors import said
from bot.platforms.web.identity import Identity
from bot.platforms.web.languages import catalogue_of
from bot.platforms.web.openapi import errors
from bot.platforms.web.reads import HEAD_ONLY, head_of_stream
from bot.platforms.web.schema import VideoObject, video_object
from bot.platforms.web.videos import VideoId
from generation.dispatch.service import AnimationService
from generation.errors import UnsupportedOption
from generation.jobs import Job, JobStatus
from generation.workspace import Workspace

MOST = 100
"""Clips in one zip: as many as a page of the list has."""

ZIP = "application/zip"

Ids = Annotated[
    str,
    Query(
        max_length=MOST * 26,
        description=f"Up to {MOST} ids with commas between them.",
        examples=["video_aaaaaaaaaaaaaaaaaa,video_bbbbbbbbbbbbbbbbbb"],
    ),
]


class Marks(BaseModel):
    """A mark of the caller's own: it keeps a file no longer."""

    model_config = ConfigDict(extra="forbid")

    favorite: StrictBool


class OwnVideos:
    """Its routes go before those that take any id there."""

    def __init__(self, service: AnimationService, identity: Identity, workspace: Workspace) -> None:
        self._service = service
        self._identity = identity
        self._workspace = workspace

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1/videos", tags=["videos"], responses=errors(401, 405))
        router.add_api_route(
            "/archive",
            self.archive,
            methods=["GET"],
            response_class=StreamingResponse,
            responses={
                200: {
                    "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
                    "description": "The clips, in the order in which they were named.",
                },
                **errors(400, 404, 409),
            },
        )
        router.add_api_route(
            "/{video_id}",
            self.mark,
            methods=["PATCH"],
            responses=errors(400, 403, 404, 413, 503),
        )
        return router

    async def mark(self, request: Request, video_id: VideoId, marks: Marks) -> VideoObject:
        """Say whether it is one of the caller's favorites."""
        caller = self._identity.caller(request)
        await self._service.job(video_id, caller.requester)
        await self._service.mark(video_id, favorite=marks.favorite)
        view = await self._service.view(video_id)
        return video_object(view, catalogue_of(request), keep_clips=self._workspace.keep_clips)

    async def archive(self, request: Request, ids: Ids) -> Response:
        """Several finished videos as one zip, written while it is sent."""
        caller = self._identity.caller(request)
        named = list(dict.fromkeys(one.strip() for one in ids.split(",") if one.strip()))
        if not 0 < len(named) <= MOST:
            raise UnsupportedOption("out_of_range", "ids", low=1, high=MOST)
        jobs = [await self._service.job(one, caller.requester, param="ids") for one in named]
        files = [(_name(job), self._workspace.clip(job.id)) for job in jobs]
        refusal = _refusal(request, jobs, [path for _, path in files])
        if refusal is not None:
            return refusal
        headers = {
            "Content-Disposition": 'attachment; filename="photoplay.zip"',
            "Cache-Control": "no-store",
        }
        if request.scope.get(HEAD_ONLY):
            return head_of_stream(ZIP, headers)
        return StreamingResponse(zipped(files), media_type=ZIP, headers=headers)


def _refusal(request: Request, jobs: list[Job], files: list[Path]) -> Response | None:
    """All of them or none: nobody counts what is in a zip."""
    ended = {JobStatus.FAILED, JobStatus.CANCELLED}
    if any(job.status in ended for job in jobs):
        return said(request, 404, "no_content")
    if any(job.status is not JobStatus.SUCCEEDED for job in jobs):
        return said(request, 409, "not_finished")
    if not all(path.exists() for path in files):
        return said(request, 404, "expired")
    return None


def _name(job: Job) -> str:
    return f"photoplay-{job.id.removeprefix('video_')}.mp4"
