"""`remix`, `extend`, `upscale`: a new video from one of the caller's, with changes in the body."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from bot.platforms.web.errors import said
from bot.platforms.web.form_fields import VideoForm
from bot.platforms.web.identity import Identity
from bot.platforms.web.languages import catalogue_of
from bot.platforms.web.models import model_named
from bot.platforms.web.openapi import changes_body, edit_body, errors, model_body
from bot.platforms.web.request_body import Reader
from bot.platforms.web.schema import VideoObject, video_object
from bot.submission.admission import Admission
from bot.submission.digests import Remake
from bot.submission.scenes import MOST_SCENES
from bot.submission.submit import Submission
from generation.dispatch.service import AnimationService
from generation.errors import UnsupportedOption
from generation.jobs import JobStatus, Ticket
from generation.workspace import Workspace

VideoId = Annotated[str, Path(max_length=64)]
SceneNumber = Annotated[int, Path(ge=1, le=MOST_SCENES)]
RequestKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class Remixes:
    def __init__(
        self,
        service: AnimationService,
        submission: Submission,
        identity: Identity,
        workspace: Workspace,
        reader: Reader,
    ) -> None:
        self._service = service
        self._submission = submission
        self._identity = identity
        self._workspace = workspace
        self._reader = reader

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1/videos", tags=["videos"], responses=errors(401, 405))
        refusals = errors(400, 403, 404, 408, 409, 413, 415, 429, 503)
        made = (
            ("remix", self.remix, changes_body()),
            ("extend", self.extend, changes_body()),
            ("upscale", self.upscale, model_body()),
            ("scenes/{number}/remix", self.scene, changes_body()),
        )
        for name, endpoint, body in made:
            router.add_api_route(
                f"/{{video_id}}/{name}",
                endpoint,
                methods=["POST"],
                response_model=VideoObject,
                responses=refusals,
                openapi_extra=body,
            )
        for name, by_body in (("edits", self.edit), ("extensions", self.extension)):
            router.add_api_route(
                f"/{name}",
                by_body,
                methods=["POST"],
                responses=refusals,
                openapi_extra=edit_body(),
            )
        for path, method in (("/characters", "POST"), ("/characters/{name}", "GET")):
            router.add_api_route(path, self.characters, methods=[method], include_in_schema=False)
        return router

    async def edit(self, request: Request, key: RequestKey = None) -> VideoObject:
        """`remix` as the official clients ask for an edit: a video by its id or as a file."""
        return await self._made_by_body(request, key, Remake.REMIX)

    async def extension(self, request: Request, key: RequestKey = None) -> VideoObject:
        """`extend` as the official clients ask for it: a video by its id or as a file."""
        return await self._made_by_body(request, key, Remake.EXTEND)

    async def characters(self, request: Request) -> Response:
        """Clients of the same API know them; nothing here does."""
        self._identity.caller(request)
        return said(request, 404, "no_characters")

    async def remix(
        self, request: Request, video_id: VideoId, key: RequestKey = None
    ) -> VideoObject:
        """The same picture again: another seed, and whatever the body changes."""
        return await self._made(request, video_id, key, Remake.REMIX)

    async def extend(
        self, request: Request, video_id: VideoId, key: RequestKey = None
    ) -> VideoObject:
        """The whole video with a continuation as long as the body says, or as long as it was."""
        return await self._made(request, video_id, key, Remake.EXTEND)

    async def upscale(
        self, request: Request, video_id: VideoId, key: RequestKey = None
    ) -> VideoObject:
        """The same video with both sides doubled; the body may name a model, and no more."""
        return await self._made(request, video_id, key, Remake.UPSCALE)

    async def scene(
        self, request: Request, video_id: VideoId, number: SceneNumber, key: RequestKey = None
    ) -> VideoObject | Response:
        """A finished film once more, with this one of its scenes made again as the body says."""
        caller = self._identity.caller(request)
        film = await self._service.job(video_id, caller.requester)
        if film.status in (JobStatus.QUEUED, JobStatus.RUNNING):
            return said(request, 409, "not_finished")
        async with self._submission.admitted(caller, key=key) as admission:
            form = await self._reader.changes(request, admission.upload)
            model_named(form.model, self._submission.offered.each)
            ticket = await self._submission.films.scene_again(
                admission, video_id, number, changes=form.changes(), address=None
            )
        return await self._shown(request, ticket)

    async def _made(
        self, request: Request, video_id: str, key: str | None, remake: Remake
    ) -> VideoObject:
        caller = self._identity.caller(request)
        await self._service.job(video_id, caller.requester)
        async with self._submission.admitted(caller, key=key) as admission:
            form = await self._reader.changes(request, admission.upload)
            try:
                ticket = await self._again(admission, video_id, remake, form)
            except UnsupportedOption as error:
                if error.param == "video":
                    error.param = "video_id"  # it is named by the path, not by the body
                raise
        return await self._shown(request, ticket)

    async def _made_by_body(self, request: Request, key: str | None, remake: Remake) -> VideoObject:
        caller = self._identity.caller(request)
        async with self._submission.admitted(caller, key=key) as admission:
            named, form = await self._reader.edit(request, admission.upload)
            if isinstance(named, str):
                job = await self._service.job(named, caller.requester, param="video")
                ticket = await self._again(admission, job.id, remake, form)
            else:
                ticket = await self._again_of_file(admission, named, remake, form)
        return await self._shown(request, ticket)

    async def _again_of_file(
        self, admission: Admission, clip: bytes | FilePath, remake: Remake, form: VideoForm
    ) -> Ticket:
        """By the job that it is the clip of, else by its own recipe."""
        job = await self._service.made_as(clip, admission.person.requester)
        if job is not None:
            return await self._again(admission, job.id, remake, form)
        model_named(form.model, self._submission.offered.each)
        return await self._submission.again_of_file(admission, clip, remake, form.changes())

    async def _again(
        self, admission: Admission, job_id: str, remake: Remake, form: VideoForm
    ) -> Ticket:
        model_named(form.model, self._submission.offered.each)
        if remake is Remake.UPSCALE and form.changes():
            raise UnsupportedOption("unknown_name", next(iter(form.changes())))
        return await self._submission.again(
            admission, job_id, remake, changes=form.changes(), address=None
        )

    async def _shown(self, request: Request, ticket: Ticket) -> VideoObject:
        view = await self._service.view(ticket.job_id)
        return video_object(view, catalogue_of(request), keep_clips=self._workspace.keep_clips)
