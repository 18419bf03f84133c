"""A clip by its signed address: who has it may watch, without a key or a cookie."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from bot.delivery.links import Links
from bot.platforms.web.files import ServedFile
from bot.platforms.web.identity import Identity
from bot.platforms.web.openapi import errors
from bot.platforms.web.videos import VideoId
from generation.dispatch.service import AnimationService
from generation.errors import Expired
from generation.events import Finished, Succeeded
from generation.workspace import Workspace


class LinkObject(BaseModel):
    url: str | None = Field(
        description="Good as long as the clip is kept; null without web.public_url."
    )


class Clips:
    def __init__(
        self, service: AnimationService, workspace: Workspace, links: Links, identity: Identity
    ) -> None:
        self._service = service
        self._workspace = workspace
        self._links = links
        self._identity = identity

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/clips/{signed}", self.clip, methods=["GET"], include_in_schema=False)
        router.add_api_route(
            "/v1/videos/{video_id}/link",
            self.link,
            methods=["GET"],
            tags=["videos"],
            responses=errors(400, 401, 404, 405),
        )
        return router

    async def link(self, request: Request, video_id: VideoId) -> LinkObject:
        """An address under which anybody who has it may watch the clip."""
        caller = self._identity.caller(request)
        job = await self._service.job(video_id, caller.requester)
        return LinkObject(url=self._links.to(job.id))

    async def clip(self, signed: str) -> ServedFile:
        """Byte ranges are served; raises `JobNotFound`, `Expired`."""
        job_id = self._links.job(signed)
        event = (await self._service.view(job_id)).event
        path = self._workspace.clip(job_id)
        made = isinstance(event, Finished) and isinstance(event.outcome, Succeeded)
        if not made or not path.exists():
            raise Expired("file")
        return ServedFile(
            path,
            media_type="video/mp4",
            filename="photoplay.mp4",
            content_disposition_type="inline",
            headers={"Cache-Control": "private, max-age=3600", "X-Robots-Tag": "noindex"},
        )
