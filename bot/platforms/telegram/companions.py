"""Messages that belong together and come one by one: an album, words with a forwarded picture."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import telegram
from telegram.constants import ChatType, MediaGroupLimit

from bot.platforms.telegram.relevance import Received
from bot.platforms.telegram.sources import picture_of

QUIET, LONGEST = 1.0, 5.0
"""Seconds without another picture after which an album is complete, and for which it may grow."""

TOGETHER = 0.7
"""Seconds in which a picture follows the words that somebody forwards it with."""

REMEMBERED = 1000
"""Pictures of albums that may turn out to concern us, and albums that were dealt with."""

STORYBOARD = re.compile(r"\s*[/／]storyboard\b", re.IGNORECASE)
"""The one command that is about all of an album whose one picture it answers."""


Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Group:
    """`pictures` are the messages with the pictures that `update` is about, as far as it holds
    or brings them along; `numbers` are those of all updates that are dealt with by this."""

    update: telegram.Update
    pictures: tuple[telegram.Message, ...]
    numbers: frozenset[int]


class Companions:
    """Knows every update that is being dealt with, and pictures that only an album may need."""

    def __init__(self) -> None:
        self._here: dict[int, Received] = {}
        self._aside: OrderedDict[int, Received] = OrderedDict()
        self._taken: set[int] = set()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._shown: OrderedDict[str, dict[int, telegram.Message]] = OrderedDict()
        self._arrival = asyncio.Event()

    @property
    def count(self) -> int:
        return len(self._here)

    def arrived(self, updates: Iterable[Received]) -> None:
        for one in updates:
            self._here[one.number] = one
            self._remember_album(one)
        self._wake()

    def set_aside(self, one: Received) -> None:
        """A picture of an album that concerns us only if another of its messages does."""
        _remember(self._aside, one.number, one)
        self._remember_album(one)
        self._wake()

    def fetched(self, albums: set[str]) -> list[Received]:
        """What was set aside of these albums."""
        found = [one for one in self._aside.values() if _album(one) in albums]
        for one in found:
            del self._aside[one.number]
        return found

    def albums(self) -> set[str]:
        """Those that are being dealt with."""
        return {album for one in self._here.values() if (album := _album(one)) is not None}

    def done(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            one = self._here.pop(number, None)
            if one is not None and (album := _album(one)) is not None:
                _remember(self._ended, album, None)

    async def of(self, one: Received) -> Group | None:
        """What this update is dealt with together with; `None` if it has been, by another."""
        if one.number in self._taken:
            self._taken.remove(one.number)
            return None
        turn, message, members = one.number, one.message, [one]
        if message is not None and message.media_group_id is not None:
            if message.media_group_id in self._ended:
                return None
            members = await self._album(message.media_group_id, one)
            one = next((m for m in members if m.message and m.message.caption), members[0])
        elif message is not None and _may_bring(message):
            members += await self._brought_by(message)
        self._taken |= {member.number for member in members} - {turn}
        held = [m.message for m in members if m.message is not None and picture_of(m.message)]
        held = held or self._answered(message)
        numbers = frozenset(member.number for member in members)
        return Group(one.update, tuple(sorted(held, key=lambda held: held.id)), numbers)

    def _remember_album(self, one: Received) -> None:
        message, album = one.message, _album(one)
        if message is not None and album is not None and picture_of(message) is not None:
            _remember(self._shown, album, self._shown.get(album, {}) | {message.id: message})

    def _answered(self, message: telegram.Message | None) -> list[telegram.Message]:
        """The pictures of the album that a storyboard answers, as far as we have seen them."""
        answered = message.reply_to_message if message is not None else None
        if message is None or answered is None or answered.media_group_id is None:
            return []
        if not STORYBOARD.match(message.text or ""):
            return []
        return list(self._shown.get(answered.media_group_id, {}).values())

    async def _album(self, album: str, one: Received) -> list[Received]:
        time = asyncio.get_running_loop().time
        last = time()
        end, members = last + LONGEST, self._members(album)
        while len(members) < MediaGroupLimit.MAX_MEDIA_LENGTH:
            await self._next_arrival(min(last + QUIET, end) - time())
            known, members = len(members), self._members(album)
            if len(members) > known:
                last = time()
            elif time() >= min(last + QUIET, end):
                break
        return members or [one]

    async def _brought_by(self, words: telegram.Message) -> list[Received]:
        """The forwarded picture that comes right behind the words, with its album."""
        time = asyncio.get_running_loop().time
        end = time() + TOGETHER
        while (picture := self._forwarded_after(words)) is None:
            if time() >= end:
                return []
            await self._next_arrival(end - time())
        album = _album(picture)
        return [picture] if album is None else await self._album(album, picture)

    def _forwarded_after(self, words: telegram.Message) -> Received | None:
        for one in self._here.values():
            message = one.message
            if (
                message is not None
                and one.number not in self._taken
                and message.chat_id == words.chat_id
                and message.id > words.id
                and (message.date - words.date).total_seconds() <= 2
                and message.forward_origin is not None
                and picture_of(message) is not None
            ):
                return one
        return None

    def _members(self, album: str) -> list[Received]:
        """Oldest first."""
        found = [one for one in self._here.values() if _album(one) == album]
        return sorted(found, key=lambda one: one.message.id if one.message is not None else 0)

    async def _next_arrival(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                await self._arrival.wait()
        except TimeoutError:
            return

    def _wake(self) -> None:
        self._arrival.set()
        self._arrival = asyncio.Event()


def _album(one: Received) -> str | None:
    return one.message.media_group_id if one.message is not None else None


def _may_bring(message: telegram.Message) -> bool:
    """Words of somebody's own in private, that answer nothing."""
    return (
        bool(message.text)
        and message.chat.type == ChatType.PRIVATE
        and message.reply_to_message is None
        and message.external_reply is None
        and message.forward_origin is None
        and not str(message.text).lstrip().startswith("/")
    )


def _remember(memory: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    memory[key] = value
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
