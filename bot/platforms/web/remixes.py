"""`remix` and `extend`: a new video from one of the caller's, with only the changes in the body."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request

from bot.platforms.web.identity import Identity
from bot.platforms.web.openapi import errors, words_body
from bot.platforms.web.request_body import read_words
from bot.platforms.web.schema import VideoObject, video_object
from bot.submission.moderation import Moderation
from bot.submission.options import Options
from bot.submission.remix import Remix
from generation.dispatch.service import AnimationService
from generation.jobs import AnimationRequest, Job
from generation.workspace import Workspace

VideoId = Annotated[str, Path(max_length=64)]
RequestKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]

LENGTHS = frozenset({"seconds", "num_frames"})
"""Two ways to say the same: the new one replaces the old one, whichever it was."""


class Remixes:
    def __init__(
        self,
        service: AnimationService,
        remix: Remix,
        moderation: Moderation,
        identity: Identity,
        workspace: Workspace,
    ) -> None:
        self._service = service
        self._remix = remix
        self._moderation = moderation
        self._identity = identity
        self._workspace = workspace

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1/videos", tags=["videos"], responses=errors(401, 405))
        refusals = errors(400, 403, 404, 408, 409, 413, 415, 429, 503)
        for name, endpoint in (("remix", self.remix), ("extend", self.extend)):
            router.add_api_route(
                f"/{{video_id}}/{name}",
                endpoint,
                methods=["POST"],
                responses=refusals,
                openapi_extra=words_body(),
            )
        return router

    async def remix(
        self, request: Request, video_id: VideoId, key: RequestKey = None
    ) -> VideoObject:
        """The same picture again: another seed, and whatever the body changes."""
        return await self._made(request, video_id, key, self._remix.again)

    async def extend(
        self, request: Request, video_id: VideoId, key: RequestKey = None
    ) -> VideoObject:
        """The whole video with a continuation as long as the body says, or as long as it was."""
        return await self._made(request, video_id, key, self._remix.extended)

    async def _made(
        self, request: Request, video_id: str, key: str | None, make: Make
    ) -> VideoObject:
        caller = self._identity.caller(request)
        job = await self._service.job(video_id, caller.requester)
        if key is None or await self._service.repeated(caller.requester, key) is None:
            await self._service.check(caller.requester, exempt=caller.exempt)
        changes = await read_words(request)
        words = changed(self._remix.words(job), changes)
        await self._moderation.check([str(caller.requester)], words)
        ticket = await self._service.submit(
            await make(job, words),
            caller.requester,
            key=key,
            digest=_digest(make, video_id, changes),
            exempt=caller.exempt,
        )
        view = await self._service.view(ticket.job_id)
        return video_object(view, keep_clips=self._workspace.keep_clips)


Make = Callable[[Job, Options], Awaitable[AnimationRequest]]


def changed(words: Options, changes: dict[str, Any]) -> Options:
    """The old words with what was given anew."""
    if LENGTHS & changes.keys():
        words = replace(words, seconds=None, num_frames=None)
    return replace(words, **changes)


def _digest(make: Make, video_id: str, changes: dict[str, Any]) -> str:
    told = f"{make.__name__} {video_id} {sorted(changes.items())}"
    return hashlib.sha256(told.encode()).hexdigest()
