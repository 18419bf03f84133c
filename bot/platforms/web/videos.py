"""The Videos API: one thin step from HTTP to the service and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Request

from bot.platforms.web.errors import LISTED
from bot.platforms.web.film_body import PostedFilm
from bot.platforms.web.identity import Identity
from bot.platforms.web.languages import catalogue_of
from bot.platforms.web.models import model_named
from bot.platforms.web.openapi import create_body, errors
from bot.platforms.web.request_body import Posted, Reader
from bot.platforms.web.schema import Deleted, VideoList, VideoObject, video_object
from bot.platforms.web.webhooks import Webhooks
from bot.submission.submit import Submission
from generation.dispatch.service import AnimationService
from generation.dispatch.views import View
from generation.jobs import Job
from generation.store.history import JobsPage
from generation.workspace import Workspace

VideoId = Annotated[str, Path(max_length=64)]
RequestKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class Videos:
    """The routes below `/v1/videos`; everything they know is handed to them here."""

    def __init__(
        self,
        service: AnimationService,
        submission: Submission,
        identity: Identity,
        workspace: Workspace,
        reader: Reader,
        webhooks: Webhooks,
    ) -> None:
        self._service = service
        self._submission = submission
        self._identity = identity
        self._workspace = workspace
        self._reader = reader
        self._webhooks = webhooks

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1/videos", tags=["videos"], responses=errors(401, 405))
        router.add_api_route(
            "",
            self.create,
            methods=["POST"],
            responses=errors(400, 403, 408, 409, 413, 415, 429, 503),
            openapi_extra=create_body(),
        )
        router.add_api_route("", self.listing, methods=["GET"], responses=errors(400, 404))
        router.add_api_route(
            "/{video_id}", self.retrieve, methods=["GET"], responses=errors(400, 404)
        )
        self._add_endings(router)
        return router

    def _add_endings(self, router: APIRouter) -> None:
        router.add_api_route(
            "/{video_id}/cancel",
            self.cancel,
            methods=["POST"],
            responses=errors(400, 403, 404, 503),
        )
        router.add_api_route(
            "/{video_id}",
            self.delete,
            methods=["DELETE"],
            responses=errors(400, 403, 404, 503),
        )

    async def create(self, request: Request, key: RequestKey = None) -> VideoObject:
        """Queue a clip of a picture, or a film of several scenes; answers at once."""
        caller = self._identity.caller(request)
        async with self._submission.admitted(caller, key=key) as admission:
            posted = await self._reader.read(request, admission.upload)
            model = model_named(posted.form.model, self._submission.offered.each)
            told = self._webhooks.address(posted.form.webhook_url)
            match posted:
                case Posted(picture, extra, form):
                    options = replace(form.options(), model=model)
                    ticket = await self._submission.animate(
                        admission, picture, options, extra, address=told
                    )
                case PostedFilm():
                    ticket = await self._submission.films.make(
                        admission, posted.wishes(model), posted.form.style, address=told
                    )
        return await self._video(request, ticket.job_id)

    async def listing(
        self,
        request: Request,
        limit: Annotated[int, Query(ge=1, le=LISTED)] = 20,
        after: Annotated[str | None, Query(max_length=64)] = None,
        order: Literal["asc", "desc"] = "desc",
    ) -> VideoList:
        """The caller's videos, newest first; `after` is the last id of the page before."""
        caller = self._identity.caller(request)
        page = JobsPage(limit + 1, after or None, newest_first=order == "desc")
        views = await self._service.videos(caller.requester, page)
        videos = [self._shown(request, view) for view in views[:limit]]
        return VideoList(
            data=videos,
            first_id=videos[0].id if videos else None,
            last_id=videos[-1].id if videos else None,
            has_more=len(views) > limit,
        )

    async def retrieve(self, request: Request, video_id: VideoId) -> VideoObject:
        """One video of the caller's."""
        view = await self._service.view_of(await self._own(request, video_id))
        return self._shown(request, view)

    async def cancel(self, request: Request, video_id: VideoId) -> VideoObject:
        """End a waiting or running job; without effect on one that has ended."""
        await self._own(request, video_id)
        await self._service.cancel(video_id)
        return await self._video(request, video_id)

    async def delete(self, request: Request, video_id: VideoId) -> Deleted:
        """Cancel it, delete its files and forget what it was about."""
        await self._own(request, video_id)
        await self._service.delete(video_id)
        return Deleted(id=video_id)

    async def _own(self, request: Request, video_id: str) -> Job:
        caller = self._identity.caller(request)
        return await self._service.job(video_id, caller.requester)

    async def _video(self, request: Request, video_id: str) -> VideoObject:
        return self._shown(request, await self._service.view(video_id))

    def _shown(self, request: Request, view: View) -> VideoObject:
        return video_object(view, catalogue_of(request), keep_clips=self._workspace.keep_clips)
