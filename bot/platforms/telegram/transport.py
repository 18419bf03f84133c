"""Telegram as the narrator sees it: which routes are open, how often it is edited."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import structlog

from bot.chat.buttons import Verb
from bot.delivery.chat_transport import ChatTransport
from bot.delivery.clip_log import LogRoute
from bot.delivery.messages import Message
from bot.delivery.sending import Route, Sending, Sent
from bot.delivery.transport import Pace
from bot.delivery.transport_parts import REMEMBERED, TransportParts
from bot.language.catalogue import Texts
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.outgoing import Outgoing, Urgency
from bot.platforms.telegram.people import PLATFORM
from bot.platforms.telegram.routes import Adopt, Moved, Placeholder, Routes
from bot.platforms.telegram.trouble import TROUBLE
from bot.platforms.telegram.upload import Upload
from bot.platforms.telegram.writer import ChatWriter
from generation.events import Failed, Succeeded
from generation.jobs import Job, JobStatus
from generation.store.message_references import ChatMessage

log = structlog.get_logger(__name__)

BETWEEN = 3.0
"""Seconds between two edits of one message."""

QUICK = 60.0
"""Seconds from asking to delivery within which people still look at the status message: an edit
of it rings nobody."""

EDITS, WINDOW = 20, 60.0
"""The narrator's own count; what a chat really takes is the gate's."""


class TelegramTransport(ChatTransport[Address]):
    """`thumbnail` tells where a clip's poster lies."""

    platform = PLATFORM
    trouble = TROUBLE

    def __init__(
        self,
        parts: TransportParts,
        writer: ChatWriter,
        outgoing: Outgoing,
        texts: Texts,
        thumbnail: Callable[[str], Path],
        *,
        local: bool,
    ) -> None:
        super().__init__(Address, parts)
        self._routes = Routes(writer, texts, local=local)
        self._writer = writer
        self._outgoing = outgoing
        self._texts = texts
        self._thumbnail = thumbnail
        self._unrung: set[str] = set()
        self._rung: OrderedDict[tuple[str, int], None] = OrderedDict()

    def pace(self, job: Job) -> Pace:
        address = Address.of(job)
        chat = address.chat if address is not None else 0
        wait = self._outgoing.room(chat)
        return Pace(f"{PLATFORM}:{chat}", BETWEEN, EDITS, WINDOW, wait=wait)

    def post(self, job: Job, address: Address) -> Route:
        return self.announcement(job.id, address)

    def edits(self, address: Address, message: int) -> list[Route]:
        return [self._routes.edit(address, message, Urgency.PROGRESS)]

    def routes(
        self, job: Job, address: Address, outcome: Succeeded | Failed, edits: Sequence[Route]
    ) -> list[Route]:
        """The status message becomes it; else a new one does, whose number is known before."""
        routes = self._into(job, address, outcome)
        if address.direct:
            return [self._routes.explained(route, address) for route in routes]
        if address.user is None or address.user == address.chat:
            return routes
        direct = address.moved_to(address.user)
        privately = self._into(replace(job, message=None), direct, outcome)
        return [*routes, *(self._routes.explained(route, direct) for route in privately)]

    def _into(self, job: Job, address: Address, outcome: Succeeded | Failed) -> list[Route]:
        """The ways into one chat."""
        upload, moved = None, self._moved(job.id)
        number = int(job.message) if job.message is not None else None
        routes: list[Route] = []
        if isinstance(outcome, Succeeded):
            upload = self._upload(job, outcome)
            if number is not None:
                routes.append(
                    self._quiet(job, address, self._routes.become(address, number, upload))
                )
            first = self._placeholder(job, address)
            routes.append(self._routes.post_first(address, upload, first))
        elif number is not None:
            ending = self._routes.edit(address, number, Urgency.RESULT)
            routes.append(self._quiet(job, address, ending))
        routes.append(self._routes.send(address, moved, Urgency.RESULT, upload))
        return routes

    async def tell_ready(self, job: Job, address: Address, numbers: tuple[str, ...]) -> None:
        said = self._texts.of(address.locale).say("chat.variation.ready", numbers=numbers)
        try:
            await self._writer.ring(address, said)
        except TROUBLE as error:  # a courtesy: the buttons are there
            log.info("nobody_rung", job=job.id, reason=str(error))

    async def recorded(self, job: Job) -> None:
        """Nobody hears an edit: what took long is said in a few words as well, once."""
        await super().recorded(job)
        quiet = job.id in self._unrung
        self._unrung.discard(job.id)
        address = Address.of(job)
        waited = self._clock() - job.created_at.timestamp()
        if not quiet or address is None or waited <= QUICK or job.status is JobStatus.CANCELLED:
            return
        made = job.status is JobStatus.SUCCEEDED
        key = "telegram.ring.ready" if made else "telegram.ring.failed"
        try:
            await self._writer.ring(address, self._texts.of(address.locale).say(key))
        except TROUBLE as error:  # a courtesy: the clip is there
            log.info("nobody_rung", job=job.id, reason=str(error))

    async def job(self, job_id: str) -> Job:
        """Raises `JobNotFound`."""
        return (await self._view(job_id)).job

    async def pressed(self, job: Job, chat: int, message: int) -> None:
        """A status message whose number nobody wrote down, since its answer was lost, or a kill
        came between: from now on it is the job's, and where that has another one or needs none any
        more it goes.
        """
        address = Address.of(job)
        if address is None or address.chat != chat or job.message == str(message):
            return
        if job.message is None:
            await self._attach(job.id, address, message)
        else:
            await self._removed(address, message)

    async def remove(self, address: Address, message: int) -> None:
        await self._routes.remove(address.chat, message)

    async def remove_copy(self, chat: int, message: int) -> None:
        await self._routes.remove(chat, message)

    def announcement(self, job_id: str, address: Address) -> Route:
        """A new status message, which rings nobody: the result will."""
        return self._routes.send(address, self._moved(job_id), Urgency.ANSWER, rings=False)

    def send_again(self, job: Job, address: Address, outcome: Succeeded) -> Route:
        """Wherever somebody asks for an earlier clip: its own address stays what it is."""

        upload = self._upload(job, outcome)
        return self._routes.send(address, _moved_unnoted, Urgency.ANSWER, upload)

    def into(self, job: Job, address: Address, message: int, outcome: Succeeded) -> Route:
        """In the place of the clip that a message of ours shows."""
        return self._routes.become(address, message, self._upload(job, outcome))

    async def log_route(self, job: Job, address: Address, outcome: Succeeded) -> LogRoute | None:
        chat = await self._log_of(f"{PLATFORM}:{address.chat}") if address.chat < 0 else None
        if chat is None:
            return None
        there, upload = address.in_log(chat), self._upload(job, outcome)

        async def adopt(number: int) -> None:
            await self._clip_messages.add(job.id, ChatMessage(PLATFORM, chat, number))

        first = self._ringing_once(job, there, _moved_unnoted, adopt)
        posted = self._routes.post_first(there, upload, first)
        return LogRoute(chat, self._routes.either(posted, self.send_again(job, there, outcome)))

    def _upload(self, job: Job, outcome: Succeeded) -> Upload:
        keep = partial(self._deliveries.keep_file, job.id)
        return Upload(outcome.clip, self._thumbnail(job.id), job.file, keep)

    def _moved(self, job_id: str) -> Moved:
        """The chat that was asked in has another number now."""

        async def moved(there: Address) -> None:
            log.info("chat_moved", job=job_id)
            await self._deliveries.readdress(job_id, there.to_reply())

        return moved

    def _placeholder(self, job: Job, address: Address) -> Placeholder:
        """It is the job's from when its number is known; one that could not become it goes.

        A press of its button removes one whose number nobody told us.
        """

        async def adopt(number: int) -> None:
            if address.direct:
                await self._deliveries.adopt(job.id, str(number), address.to_reply())
                return
            await self._deliveries.attach(job.id, str(number))
            if job.message is not None:
                await self._removed(address, int(job.message))

        buttons = frozenset({Verb.CANCEL})
        return self._ringing_once(job, address, self._moved(job.id), adopt, buttons)

    def _ringing_once(
        self,
        job: Job,
        address: Address,
        moved: Moved,
        adopt: Adopt,
        buttons: frozenset[Verb] = frozenset(),
    ) -> Placeholder:
        place = (job.id, address.chat)

        def arrived() -> None:
            self._rung[place] = None
            while len(self._rung) > REMEMBERED:
                self._rung.popitem(last=False)

        return Placeholder(moved, adopt, place not in self._rung, arrived, buttons)

    def _quiet(self, job: Job, address: Address, route: Route) -> Route:
        async def send(message: Message) -> Sending:
            sending = await route.send(message)
            if isinstance(sending, Sent) and (job.id, address.chat) not in self._rung:
                self._unrung.add(job.id)
            return sending

        return Route(route.name, route.limit, send)


async def _moved_unnoted(there: Address) -> None:
    log.info("chat_moved", chat=there.chat)
