"""What every chat does alike: announce a job, edit its status message, send what came of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import ClassVar, Generic, TypeVar

import structlog

from bot.chat.taken_back import TakenBack
from bot.delivery.address import ChatAddress
from bot.delivery.clip_log import LogRoute, shown_in_log
from bot.delivery.drafts import draft_of
from bot.delivery.messages import Message, is_beside
from bot.delivery.ready_variations import ready_with
from bot.delivery.sending import Closed, Route, Sent, TooLarge
from bot.delivery.transport import (
    Delivered,
    Delivering,
    Gone,
    Later,
    Pace,
    Showing,
    Shown,
    Undeliverable,
)
from bot.delivery.transport_parts import StatusesShown, StatusShown, TransportParts
from generation.errors import JobNotFound
from generation.events import Cancelled, Failed, Finished, Outcome, Running, Succeeded, Waiting
from generation.jobs import Job, Ticket
from generation.store.database import Unwritable
from generation.store.message_references import ChatMessage

log = structlog.get_logger(__name__)

Address = TypeVar("Address", bound=ChatAddress)


class ChatTransport(ABC, Generic[Address]):
    """A platform lists its routes, its edits and its pace.

    `trouble` is what its library raises where the platform is the reason.
    """

    platform: ClassVar[str]
    trouble: ClassVar[tuple[type[Exception], ...]]

    def __init__(self, address: type[Address], parts: TransportParts) -> None:
        self._address = address
        self._view = parts.view
        self._follow = parts.follow
        self._deliveries = parts.deliveries
        self._clip_messages = parts.clip_messages
        self._messages = parts.messages
        self._sender = parts.sender
        self._log_of = parts.log_of
        self._clock = parts.clock
        self._shown = StatusesShown()
        self._late: dict[str, int | None] = {}

    @abstractmethod
    def pace(self, job: Job) -> Pace: ...

    @abstractmethod
    def edits(self, address: Address, message: int) -> Sequence[Route]:
        """Into a message of ours, the best first."""

    @abstractmethod
    def routes(
        self, job: Job, address: Address, outcome: Succeeded | Failed, edits: Sequence[Route]
    ) -> Sequence[Route]:
        """For an outcome, the best first; `edits` are those of the status message."""

    @abstractmethod
    async def remove(self, address: Address, message: int) -> None:
        """Take a job's own message away, if it is still there; raises `trouble`."""

    @abstractmethod
    async def remove_copy(self, chat: int, message: int) -> None:
        """Take another message of ours away, if it is still there; raises `trouble`."""

    def post(self, job: Job, address: Address) -> Route | None:
        """How a status message that was refused for a while is sent later; `None` is never."""
        return None

    @abstractmethod
    async def tell_ready(self, job: Job, address: Address, numbers: tuple[str, ...]) -> None:
        """Variations beside the one that is shown can be picked, `job` the last; raises nothing."""

    @abstractmethod
    async def log_route(self, job: Job, address: Address, outcome: Succeeded) -> LogRoute | None:
        """How a clip gets into the log of the place where it was asked for, if there is one."""

    async def recorded(self, job: Job) -> None:
        """A place's log shows it as well; a draft that this is in full goes."""
        address = self._address.of(job)
        with suppress(JobNotFound, Unwritable):
            event = (await self._view(job.id)).event
            if address is None or not isinstance(event, Finished):
                return
            outcome = event.outcome
            if isinstance(outcome, Succeeded):
                if (draft := await draft_of(job, self._view)) is not None:
                    await self.take_back([draft])
                await self._show_in_log(job, address, outcome)

    async def _show_in_log(self, job: Job, address: Address, outcome: Succeeded) -> None:
        into = await self.log_route(job, address, outcome)
        if into is not None:
            message = self.ending(job, address.locale, outcome)
            await shown_in_log(lambda: self.again(job, message, into.route, chat=into.chat))

    def status(
        self, job: Job, address: Address, event: Waiting | Running, *, resumed: bool = False
    ) -> Message:
        """What the status message says."""
        return self._messages.status(job, address.locale, event, resumed=resumed)

    def same(self, job: Job, before: Waiting | Running, now: Waiting | Running) -> bool:
        """Durations are rounded, so that not every second is shown."""
        address = self._address.of(job)
        if address is None:
            return True
        old, new = (self.status(job, address, event) for event in (before, now))
        return (old.text, old.shows) == (new.text, new.shows)

    async def announce(
        self, ticket: Ticket, address: Address, route: Route, *, told: str = ""
    ) -> None:
        """Post the status message, once for a request, however often it came.

        `told` stands above it while it waits. Without a message the clip still comes.
        """
        if ticket.repeated:
            return
        view = await self._view(ticket.job_id)
        if not isinstance(view.event, Finished) and await self._deliveries.announce(ticket.job_id):
            since = self._clock()
            message = self.status(view.job, address, view.event).below(told)
            sending = await route.send(message)
            if isinstance(sending, Sent):
                self._shown.put(ticket.job_id, StatusShown(view.event, since, told))
                await self._attach(ticket.job_id, address, sending.message)
            else:
                log.warning("no_status_message", job=ticket.job_id, trouble=str(sending))
                if isinstance(sending, Later) and not sending.unsure:
                    self._late[ticket.job_id] = None
                    await self._deliveries.announce_later(ticket.job_id)
        for job_id in view.variations or (ticket.job_id,):
            self._follow(job_id)

    async def show(self, job: Job, event: Waiting | Running, *, resumed: bool) -> Showing:
        address = self._address.of(job)
        if address is None or is_beside(job):
            return Gone()
        number = self._late.get(job.id) if job.message is None else int(job.message)
        if number is None:
            return await self._post_late(job, address, event)
        shown = self._shown.get(job.id)
        if shown is not None and self.same(job, shown.event, event):
            return Shown()
        told = shown.told if shown is not None and isinstance(event, Waiting) else ""
        since, message = self._clock(), self.status(job, address, event, resumed=resumed)
        for route in self.edits(address, number):
            sending = await route.send(message.below(told))
            match sending:
                case Sent():
                    self._shown.put(job.id, StatusShown(event, since, told))
                    return Shown()
                case Later():
                    return sending
                case Closed() | TooLarge():
                    continue
        return Gone()

    async def deliver(self, job: Job, outcome: Outcome) -> Delivering:
        self._shown.drop(job.id)
        self._late.pop(job.id, None)
        address = self._address.of(job)
        if address is None:
            return Undeliverable("its address was deleted")
        if is_beside(job):
            return await self._deliver_beside(job, address)
        edits = self.edits(address, int(job.message)) if job.message is not None else []
        message = self._messages.ending(job, address.locale, outcome)
        if isinstance(outcome, Cancelled):
            routes = edits
        else:
            routes = self.routes(job, address, outcome, edits)
        sending = await self._sender.send(job, routes, message)
        if isinstance(sending, Sent):
            await self._tidy(job, address, sending)
            return Delivered()
        if isinstance(sending, Undeliverable):
            await self._erase_token(job.id)
            if isinstance(outcome, Cancelled):
                return Delivered()  # who took it back needs no word about it
        return sending

    async def _deliver_beside(self, job: Job, address: Address) -> Delivered:
        """Of a variation another one's message shows, only a word that all of them are there.

        It comes before this is written down: a program that is killed between says it again.
        """
        if ready := await ready_with(job, self._view):
            await self.tell_ready(job, address, ready)
        await self._erase_token(job.id)
        return Delivered()

    async def again(
        self, job: Job, message: Message, route: Route, *, chat: int | None
    ) -> Sent | Later | Undeliverable:
        """Send a clip once more; in a `chat`, or where it is seen by nobody but who asked."""
        sending = await self._sender.send(job, [route], message)
        if isinstance(sending, Sent) and chat is not None:
            where = ChatMessage(self.platform, chat, sending.message)
            if not await self._clip_messages.add(job.id, where):
                await self._copy_removed(where)
        return sending

    def ending(self, job: Job, locale: str | None, outcome: Succeeded) -> Message:
        """What stands under a clip."""
        return self._messages.ending(job, locale, outcome)

    async def _post_late(self, job: Job, address: Address, event: Waiting | Running) -> Showing:
        """The status message that was refused when the job was new, or never begun."""
        route = self.post(job, address)
        is_due = not job.announced or job.id in self._late
        if route is None or not is_due or not await self._deliveries.announce(job.id):
            return Gone()
        since = self._clock()
        sending = await route.send(self.status(job, address, event))
        if isinstance(sending, Later) and not sending.unsure:
            self._late[job.id] = None
            await self._deliveries.announce_later(job.id)
            return sending
        if not isinstance(sending, Sent):
            self._late.pop(job.id, None)
            return Gone()
        self._late[job.id] = sending.message
        self._shown.put(job.id, StatusShown(event, since))
        await self._attach(job.id, address, sending.message)
        return Shown()

    async def take_back(self, jobs: Sequence[Job]) -> TakenBack:
        """Remove the messages that tell of these jobs or show their clips."""
        went = await self._own_taken_back(jobs)
        for job in jobs:
            for where in await self._clip_messages.of(job.id):
                went.append(await self._copy_removed(where))
        return TakenBack.of(went)

    async def _own_taken_back(self, jobs: Sequence[Job]) -> list[bool]:
        """The jobs' own messages; of each whether it went."""
        went = []
        for job in jobs:
            address = self._address.of(job)
            if address is not None and job.message is not None:
                went.append(await self._removed(address, int(job.message)))
        return went

    async def _attach(self, job_id: str, address: Address, message: int) -> None:
        """Write the status message down; it goes where the clip was faster."""
        if not await self._deliveries.attach(job_id, str(message)):
            await self._removed(address, message)

    async def _removed(self, address: Address, message: int) -> bool:
        return await self._without_trouble(self.remove(address, message))

    async def _copy_removed(self, where: ChatMessage) -> bool:
        return await self._without_trouble(self.remove_copy(where.chat, where.message))

    async def _without_trouble(self, removing: Awaitable[None]) -> bool:
        try:
            await removing
        except self.trouble as error:
            log.info("message_stays", reason=str(error))
            return False
        return True

    async def _tidy(self, job: Job, address: Address, sent: Sent) -> None:
        """Once delivered the status message goes, if the result is another; so does the token."""
        if job.message is not None and int(job.message) != sent.message:
            await self._removed(address, int(job.message))
        if job.message != str(sent.message):
            await self._deliveries.attach(job.id, str(sent.message))
        await self._erase_token(job.id, moved_to=sent.chat)

    async def _erase_token(self, job_id: str, *, moved_to: int | None = None) -> None:
        """As the address is now: others may have changed it while this was being delivered."""
        before = self._address.of((await self._view(job_id)).job)
        if before is None:
            return
        after = before.without_token()
        if moved_to is not None:
            after = after.moved_to(moved_to)
        if after != before:
            await self._deliveries.readdress(job_id, after.to_reply())
