"""From Telegram to whoever deals with it, over the disk: nothing that concerns us is lost."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence

import structlog
import telegram
from telegram.constants import ChatType

from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.companions import Companions, Group
from bot.platforms.telegram.hearing import Raw
from bot.platforms.telegram.people import PLATFORM
from bot.platforms.telegram.references import Resolver
from bot.platforms.telegram.relevance import Received, concerns_us, moved, read
from bot.platforms.telegram.sources import picture_of
from generation.dispatch.standing import FailuresLogged
from generation.store.dealing import Dealing, dealing
from generation.store.inbox import Inbox, Left, Update
from generation.store.origin import asked_by

log = structlog.get_logger(__name__)

MOST = 500
"""Updates that are dealt with at once; with more nothing new is asked for."""

THIN_EVERY = 1000
"""Updates after which old numbers are given up."""

Handle = Callable[[Group], Awaitable[None]]

GiveUp = Callable[[telegram.Update], Awaitable[None]]
"""Says that nothing will come of an update; raises nothing."""


class TelegramInbox:
    """Each person's messages are dealt with in their order, everybody's at once.

    `bot` is asked for each time: who we are is known only after logging in.
    """

    def __init__(
        self,
        inbox: Inbox,
        answers: Answers,
        resolver: Resolver,
        handle: Handle,
        give_up: GiveUp,
        bot: Callable[[], telegram.Bot],
    ) -> None:
        self._inbox = inbox
        self._answers = answers
        self._resolver = resolver
        self._handle = handle
        self._give_up = give_up
        self._bot = bot
        self._companions = Companions()
        self._lanes: dict[Hashable, deque[Received]] = {}
        self._new: asyncio.Queue[Hashable] = asyncio.Queue()
        self._room = asyncio.Event()
        self._kept = 0
        self._left: dict[int, Left] = {}
        self._alone = asyncio.Lock()

    @property
    def _name(self) -> str:
        return f"{PLATFORM}:{self._bot().id}"

    async def resume(self) -> None:
        """Take up what was left; raises `Unwritable`."""
        await self._inbox.thin()
        left = await self._inbox.waiting(self._name)
        if left:
            log.info("updates_taken_up_again", count=len(left))
        self._left = {one.number: one for one in left}
        found = {one.number: read(json.loads(one.content), self._bot()) for one in left}
        await self._inbox.done(self._name, [number for number, one in found.items() if not one])
        self._begin([one for one in found.values() if one is not None])

    async def take(self, updates: Sequence[Raw]) -> None:
        """Keep what concerns us, then begin with it; raises `Unwritable`."""
        if self._companions.count >= MOST:
            self._room.clear()
            await self._room.wait()
        found = [one for raw in updates if (one := read(dict(raw), self._bot())) is not None]
        for one in found:
            if one.message is not None and (numbers := moved(one.message)) is not None:
                await self._resolver.move(*numbers)
        ours = await self._ours(found)
        if not ours:
            return
        rows = [Update(one.number, one.user, json.dumps(one.raw)) for one in ours]
        new = await self._inbox.put(PLATFORM, self._name, rows)
        self._begin([one for one in ours if one.number in new])
        self._kept += len(new)
        if self._kept >= THIN_EVERY:
            self._kept = 0
            await self._inbox.thin()

    async def run(self) -> None:
        """Deal with everything until this is cancelled; what is left then waits on the disk."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                key = await self._new.get()
                tasks.create_task(self._lane(key))

    async def _ours(self, found: list[Received]) -> list[Received]:
        """In a group an album concerns us with all its pictures, or not at all."""
        ours = [one for one in found if await self._concerns_us(one)]
        albums = self._companions.albums() | {
            one.message.media_group_id
            for one in ours
            if one.message is not None and one.message.media_group_id is not None
        }
        for one in found:
            message = one.message
            if one in ours or message is None or message.media_group_id is None:
                continue
            if message.media_group_id in albums:
                ours.append(one)
            elif picture_of(message) is not None:
                self._companions.set_aside(one)
        ours += self._companions.fetched(albums)
        return sorted(ours, key=lambda one: one.number)

    async def _concerns_us(self, one: Received) -> bool:
        if concerns_us(one.update, self._bot().bot):
            return True
        message = one.message
        if message is None or message.chat.type != ChatType.CHANNEL or not message.text:
            return False
        answered = message.reply_to_message  # nobody is its author: our own are known by number
        return answered is not None and await self._resolver.is_ours(answered)

    def _begin(self, updates: Iterable[Received]) -> None:
        updates = list(updates)
        self._companions.arrived(updates)
        for one in updates:
            key = _whose(one)
            if key not in self._lanes:
                self._lanes[key] = deque()
                self._new.put_nowait(key)
            self._lanes[key].append(one)

    async def _lane(self, key: Hashable) -> None:
        lane = self._lanes[key]
        while lane:
            with FailuresLogged("update"):
                await self._dealt_with(lane.popleft())
        del self._lanes[key]

    async def _dealt_with(self, one: Received) -> None:
        before = self._left.pop(one.number, None)
        if before is not None and before.given_up:
            await self._said_given_up(one, before)
            return
        group = await self._companions.of(one)
        numbers = group.numbers if group is not None else frozenset({one.number})
        try:
            if group is not None:
                await self._handled(group, before)
            await self._inbox.done(self._name, numbers)
        finally:
            self._companions.done(numbers)
            self._room.set()

    async def _handled(self, group: Group, before: Left | None) -> None:
        tried = [one for number in group.numbers if (one := self._left.pop(number, None))]
        tried += [before] if before is not None else []
        alone = self._alone if any(one.tries for one in tried) else None
        number = group.update.update_id
        answered = next((one.answers for one in tried if one.number == number), None)
        async with dealing(Dealing(self._inbox, self._name, group.numbers, alone)):
            with self._answers.to(self._name, number, answered), asked_by(self._name, number):
                await self._handle(group)

    async def _said_given_up(self, one: Received, before: Left) -> None:
        """It has ended the program too often; whoever sent it is told so, once."""
        log.error("update_given_up", update=one.number, tries=before.tries)
        try:
            with self._answers.to(self._name, one.number, before.answers):
                await self._give_up(one.update)
            await self._inbox.done(self._name, [one.number])
        finally:
            self._companions.done([one.number])
            self._room.set()


def _whose(one: Received) -> Hashable:
    """A press waits for nothing: its button turns until it is answered."""
    message = one.update.effective_message
    if one.update.callback_query is not None or message is None:
        return one.number
    return (message.chat_id, one.user)
