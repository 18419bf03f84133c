"""From a request to a job over the disk: what was still being fetched outlives the program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, replace

import discord
import structlog
from pydantic import ValidationError

from bot.chat.buttons import remake_of
from bot.chat.errors import UserError, errors_said_to
from bot.delivery.sending import Route
from bot.platforms.discord.address import PLATFORM, Address
from bot.platforms.discord.clip_requests import (
    CLIP_REQUEST,
    ClipRequest,
    PictureRequest,
    RemakeRequest,
    StoryboardRequest,
)
from bot.platforms.discord.pictures import Fetching
from bot.platforms.discord.replies import TROUBLE, Replies
from bot.platforms.discord.transport import DiscordTransport
from bot.submission.admission import Admission
from bot.submission.places import Places
from bot.submission.scenes import SceneWish
from bot.submission.submit import Submission
from generation.dispatch.standing import FailuresLogged
from generation.jobs import Ticket
from generation.store.dealing import Dealing, dealing
from generation.store.inbox import Inbox, Left, Update
from generation.store.origin import asked_by

log = structlog.get_logger(__name__)


Post = Callable[[Address], Route]
"""How the status message of a request with this address is posted."""

THIN_EVERY = 1000
"""Requests after which old numbers are given up."""


class DiscordInbox:
    """`client` is the connection of the moment, `fetching` gets what lies on Discord's servers."""

    def __init__(
        self,
        inbox: Inbox,
        submission: Submission,
        transport: DiscordTransport,
        replies: Replies,
        client: Callable[[], discord.Client],
        fetching: Fetching,
    ) -> None:
        self._inbox = inbox
        self._submission = submission
        self._transport = transport
        self._replies = replies
        self._client = client
        self._fetching = fetching
        self._kept = 0
        self._alone = asyncio.Lock()

    @asynccontextmanager
    async def kept(self, request: ClipRequest) -> AsyncGenerator[bool]:
        """Within, the request survives the program; False where the same has come before.

        What is cut off by the program's end waits for the next start. Raises `Unwritable`.
        """
        content = CLIP_REQUEST.dump_json(request).decode()
        update = Update(request.number, request.person.requester.user, content)
        new = await self._inbox.put(PLATFORM, self._name, [update])
        self._kept += len(new)
        if self._kept >= THIN_EVERY:
            self._kept = 0
            await self._inbox.thin()
        if not new:
            yield False
            return
        async with self._dealt_with(request.number):
            yield True

    async def make(self, request: ClipRequest, post: Post | None = None) -> None:
        """Puts it in line and posts its status message, then those of its further pictures.

        Raises `Rejected` kinds and `UserError` for the first: the others stand by themselves.
        """
        await self._make_one(request, post)
        catalogue = self._replies.of(request.person.locale)

        async def say(sentence: str) -> None:
            await self._transport.say(request.address.without_token(), sentence)

        for one in request.further:
            async with errors_said_to(catalogue, say, trouble=TROUBLE):
                await self._make_one(one)

    async def _make_one(self, request: ClipRequest, post: Post | None = None) -> None:
        spoiler = await self._covered(request)
        address = request.address.model_copy(update={"spoiler": spoiler})
        ticket = await self._ticket(replace(request, address=address))
        if post is not None:
            route = post(address)
        else:
            route = self._transport.announcement(address, ticket.job_id)
        told = await self._told(request, ticket)
        await self._transport.announce(ticket, address, route, told=told)
        if not ticket.repeated and isinstance(request.wanted, PictureRequest):
            await self._say_of_others(request.wanted.others, address, request.person.locale)

    async def _say_of_others(self, others: int, address: Address, locale: str | None) -> None:
        """Somebody sent several pictures where no form could ask which is meant."""
        if others == 0:
            return
        catalogue = self._replies.of(locale)
        menu, count = catalogue.say("discord.menu.message"), others + 1
        sentence = catalogue.say("discord.answer.first_of", count=count, menu=menu)
        await self._transport.say(address, sentence)

    @property
    def places(self) -> Places:
        return self._submission.places

    async def _covered(self, request: ClipRequest) -> bool:
        """Whether what it is made of is covered there; raises `JobNotFound`."""
        match request.wanted:
            case PictureRequest() | StoryboardRequest() as wanted:
                return wanted.spoiler
            case RemakeRequest(job_id):
                restricted = request.address.restricted
                return await self._transport.covered(job_id, restricted=restricted)

    async def resume(self) -> None:
        """Take up what the last run of the program left; raises `Unwritable`."""
        await self._inbox.thin()
        left = await self._inbox.waiting(self._name)
        if left:
            log.info("requests_taken_up_again", count=len(left))
        async with asyncio.TaskGroup() as tasks:
            for one in left:
                tasks.create_task(self._resume_one(one))

    @property
    def _name(self) -> str:
        return f"{PLATFORM}:{self._client().application_id}"

    async def _ticket(self, request: ClipRequest) -> Ticket:
        """Puts it in line; raises `Rejected` kinds and `UserError`."""
        async with self._submission.admitted(request.person, key=request.key) as admission:
            match request.wanted:
                case PictureRequest() as wanted:
                    return await self._animate(admission, wanted, request)
                case StoryboardRequest() as wanted:
                    return await self._film(admission, wanted, request)
                case RemakeRequest(job_id, verb, changes):
                    return await self._submission.again(
                        admission,
                        job_id,
                        remake_of(verb),
                        changes=asdict(changes) if changes is not None else None,
                        address=request.address.to_reply(),
                    )

    async def _animate(
        self, admission: Admission, wanted: PictureRequest, request: ClipRequest
    ) -> Ticket:
        catalogue = self._replies.of(request.person.locale)
        picture, extra = await self._fetching.all(
            wanted.picture, wanted.end, admission.upload, catalogue
        )
        return await self._submission.animate(
            admission, picture, wanted.options, extra, address=request.address.to_reply()
        )

    async def _film(
        self, admission: Admission, wanted: StoryboardRequest, request: ClipRequest
    ) -> Ticket:
        catalogue = self._replies.of(request.person.locale)
        shown = [picture for _, picture in wanted.scenes]
        files = await self._fetching.each(shown, admission.upload, catalogue)
        scenes = [
            SceneWish(options, file)
            for (options, _), file in zip(wanted.scenes, files, strict=True)
        ]
        address = request.address.to_reply()
        return await self._submission.films.make(admission, scenes, wanted.style, address=address)

    async def _told(self, request: ClipRequest, ticket: Ticket) -> str:
        """What a film counts as, before it begins."""
        if not isinstance(request.wanted, StoryboardRequest):
            return ""
        catalogue, scenes = self._replies.of(request.address.locale), len(request.wanted.scenes)
        takes = ticket.eta_seconds
        return await self._submission.films.told(request.person, catalogue, scenes, takes=takes)

    @asynccontextmanager
    async def _dealt_with(self, number: int, *, tried: bool = False) -> AsyncGenerator[None]:
        """What is cut off by the program's end waits for the next start, and is no try."""
        deal = Dealing(self._inbox, self._name, [number], self._alone if tried else None)
        with asked_by(self._name, number):
            async with dealing(deal):
                yield
        if self._client().is_closed():
            await deal.give_back()
        else:
            await self._inbox.done(self._name, [number])

    async def _resume_one(self, left: Left) -> None:
        with FailuresLogged("request"):
            async with self._dealt_with(left.number, tried=bool(left.tries)):
                try:
                    request = CLIP_REQUEST.validate_json(left.content)
                except ValidationError:  # of another version
                    log.warning("request_not_understood", number=left.number)
                else:
                    await self._made(request, given_up=left.given_up)

    async def _made(self, request: ClipRequest, *, given_up: bool) -> None:
        """`given_up`: it has ended the program too often, which is said and no more."""
        address = self._transport.current(request.address)
        catalogue = self._replies.of(request.person.locale)

        async def say(sentence: str) -> None:
            await self._transport.say(address, sentence)

        async with errors_said_to(catalogue, say, trouble=TROUBLE):
            if given_up:
                log.error("request_given_up", number=request.number)
                raise UserError(catalogue.say("chat.asking.broke"))
            await self.make(replace(request, address=address))
