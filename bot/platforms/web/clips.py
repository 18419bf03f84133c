"""A clip by its signed address: who has it may watch, without a key or a cookie."""

from __future__ import annotations

from fastapi import APIRouter

from bot.delivery.links import Links
from bot.platforms.web.files import ServedFile
from generation.dispatch.service import AnimationService
from generation.errors import Expired
from generation.events import Finished, Succeeded
from generation.workspace import Workspace


class Clips:
    def __init__(self, service: AnimationService, workspace: Workspace, links: Links) -> None:
        self._service = service
        self._workspace = workspace
        self._links = links

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/clips/{signed}", self.clip, methods=["GET"], include_in_schema=False)
        return router

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
