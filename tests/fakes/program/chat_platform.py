"""The smallest chat there can be: rooms with numbered messages, and routes that close when told."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from bot.delivery.address import ChatAddress
from bot.delivery.chat_transport import ChatTransport
from bot.delivery.clip_log import LogRoute
from bot.delivery.links import Links
from bot.delivery.messages import Message, Messages
from bot.delivery.sending import Route, Sender, Sending, Sent
from bot.delivery.transport import Pace
from bot.delivery.transport_parts import TransportParts
from bot.language.catalogue import load_texts
from bot.language.wording import MESSAGE, Formatting
from generation.events import Failed, Succeeded
from generation.jobs import Job
from tests.fakes.program.core import House

PLAIN = Formatting(str, lambda moment: f"{moment:%H:%M}")


class Room(ChatAddress):
    token: str | None = None

    def without_token(self) -> Self:
        return self.model_copy(update={"token": None})


async def no_log(_: str) -> int | None:
    return None


async def no_copy(job: Job, size: int) -> Path:
    raise AssertionError(f"{job.id} has no limit here, so nobody needs {size} bytes of it")


class RoomTransport(ChatTransport[Room]):
    """`messages` stand in the room by number; `results` come first, then everything succeeds."""

    platform = "chat"
    trouble = (OSError,)

    def __init__(self, home: House) -> None:
        self.followed: list[str] = []
        self.messages: dict[int, str] = {}
        self.results: deque[Sending] = deque()
        self.removing: OSError | None = None
        self.edited = 0
        texts = load_texts()
        super().__init__(
            Room,
            TransportParts(
                home.service.view,
                self.followed.append,
                home.deliveries,
                home.core.store.clip_messages,
                Messages(
                    lambda _: frozenset(), texts, lambda _: PLAIN, limit=MESSAGE, previews=False
                ),
                Sender(no_copy, Links(None, b"secret", valid_for=60.0), texts),
                no_log,
                home.clock,
            ),
        )

    def pace(self, job: Job) -> Pace:
        return Pace("chat:room", message=0.0, edits=1000, window=1.0)

    def edits(self, address: Room, message: int) -> list[Route]:
        async def edit(sent: Message) -> Sending:
            self.edited += 1
            return self._put(message, sent)

        return [Route("edit", 10**9, edit), Route("edit otherwise", 10**9, edit)]

    def routes(
        self, job: Job, address: Room, outcome: Succeeded | Failed, edits: Sequence[Route]
    ) -> list[Route]:
        return [self.send()]

    async def remove(self, address: Room, message: int) -> None:
        if self.removing is not None:
            raise self.removing
        del self.messages[message]

    async def remove_copy(self, chat: int, message: int) -> None:
        del self.messages[message]

    async def tell_ready(self, job: Job, address: Room, numbers: tuple[str, ...]) -> None:
        self.messages[len(self.messages) + 1] = ", ".join(numbers)

    async def log_route(self, job: Job, address: Room, outcome: Succeeded) -> LogRoute | None:
        return None

    def send(self) -> Route:
        async def send(sent: Message) -> Sending:
            return self._put(len(self.messages) + 1, sent)

        return Route("send", 10**9, send)

    def _put(self, number: int, sent: Message) -> Sending:
        result = self.results.popleft() if self.results else Sent(number)
        if isinstance(result, Sent):
            self.messages[number] = sent.text
        return result
