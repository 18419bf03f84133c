"""Telegram as the narrator sees it: which routes are open, how often it is edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import structlog

from bot.delivery.chat_transport import ChatTransport
from bot.delivery.clip_log import LogRoute
from bot.delivery.messages import Message
from bot.delivery.sending import Route, Sending, Sent
from bot.delivery.transport import Pace
from bot.delivery.transport_parts import TransportParts
from bot.language.catalogue import Texts
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.outgoing import Outgoing, Urgency
from bot.platforms.telegram.people import PLATFORM
from bot.platforms.telegram.routes import Adopt, Moved, Routes
from bot.platforms.telegram.trouble import TROUBLE
from bot.platforms.telegram.upload import Upload
from bot.platforms.telegram.writer import ChatWriter
from generation.events import Failed, Succeeded
from generation.jobs import Job, JobStatus

log = structlog.get_logger(__name__)

BETWEEN = 3.0
"""Seconds between two edits of one message."""

QUICK = 60.0
"""Seconds within which people still look at the status message: an edit of it rings nobody."""

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
        upload, moved = None, self._moved(job.id)
        number = int(job.message) if job.message is not None else None
        routes: list[Route] = []
        if isinstance(outcome, Succeeded):
            upload = self._upload(job, outcome)
            if number is not None:
                routes.append(self._quiet(job, self._routes.become(address, number, upload)))
            adopt = self._adopt(job, address)
            routes.append(self._routes.post_first(address, upload, moved, adopt))
        elif number is not None:
            ending = self._routes.edit(address, number, Urgency.RESULT)
            routes.append(self._quiet(job, ending))
        routes.append(self._routes.send(address, moved, Urgency.RESULT, upload))
        if address.user is not None and address.user != address.chat:
            routes.append(self._routes.send_privately(address, address.user, upload))
        return routes

    async def recorded(self, job: Job) -> None:
        """Nobody hears an edit: what took long is said in a few words as well, once."""
        await super().recorded(job)
        quiet = job.id in self._unrung
        self._unrung.discard(job.id)
        address = Address.of(job)
        if not quiet or address is None or _quick(job) or job.status is JobStatus.CANCELLED:
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

        async def moved(_: Address) -> None:
            log.info("chat_moved", job=job.id)

        return self._routes.send(address, moved, Urgency.ANSWER, self._upload(job, outcome))

    async def log_route(self, job: Job, address: Address, outcome: Succeeded) -> LogRoute | None:
        chat = await self._log_of(f"{PLATFORM}:{address.chat}") if address.chat < 0 else None
        if chat is None:
            return None
        return LogRoute(chat, self.send_again(job, address.in_log(chat), outcome))

    def _upload(self, job: Job, outcome: Succeeded) -> Upload:
        keep = partial(self._deliveries.keep_file, job.id)
        return Upload(outcome.clip, self._thumbnail(job.id), job.file, keep)

    def _moved(self, job_id: str) -> Moved:
        """The chat that was asked in has another number now."""

        async def moved(there: Address) -> None:
            log.info("chat_moved", job=job_id)
            await self._deliveries.readdress(job_id, there.to_reply())

        return moved

    def _adopt(self, job: Job, address: Address) -> Adopt:
        """The message that will become the clip is the job's; one that could not goes."""

        async def adopt(number: int) -> None:
            await self._deliveries.attach(job.id, str(number))
            if job.message is not None:
                await self._removed(address, int(job.message))

        return adopt

    def _quiet(self, job: Job, route: Route) -> Route:
        async def send(message: Message) -> Sending:
            sending = await route.send(message)
            if isinstance(sending, Sent):
                self._unrung.add(job.id)
            return sending

        return Route(route.name, route.limit, send)


def _quick(job: Job) -> bool:
    ended = job.finished_at or job.created_at
    return (ended - job.created_at).total_seconds() <= QUICK
