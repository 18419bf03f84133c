"""What we wrote to somebody: noted when it is sent, removed when they want to be forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog
import telegram
from telegram.error import BadRequest, RetryAfter

from bot.chat.taken_back import TakenBack
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.outgoing import seconds_of
from bot.platforms.telegram.people import PLATFORM
from bot.platforms.telegram.trouble import TROUBLE
from generation.jobs import Job, Requester
from generation.store.clip_messages import ClipMessages
from generation.store.database import Unwritable
from generation.store.message_references import ChatMessage
from generation.store.sent_messages import SentMessages

log = structlog.get_logger(__name__)

REMOVABLE = 48 * 3600.0
"""Seconds for which a bot may remove a message of its own everywhere (deleteMessage)."""

TOGETHER = 100
"""Messages that Telegram removes at once (deleteMessages)."""

PATIENCE = 30.0
"""Seconds that are waited where Telegram says later."""


class OwnMessages:
    """`bot` is asked for each time."""

    def __init__(
        self,
        sent_messages: SentMessages,
        clip_messages: ClipMessages,
        bot: Callable[[], telegram.Bot],
    ) -> None:
        self._sent_messages = sent_messages
        self._clip_messages = clip_messages
        self._bot = bot

    async def note(self, message: telegram.Message, user: str) -> None:
        try:
            await self._sent_messages.note(ChatMessage(PLATFORM, message.chat_id, message.id), user)
        except Unwritable as error:  # a full disk silences nobody
            log.warning("message_unrecorded", reason=str(error))

    async def take_back(
        self, pressed: ChatMessage, requester: Requester, jobs: Sequence[Job]
    ) -> TakenBack:
        """Remove everything we wrote to somebody beside the message in which that was asked for.

        `jobs` are all of theirs: their messages are known also from before any were noted.
        """
        chats: dict[int, dict[int, float]] = {}
        for sent in await self._sent_messages.to(requester):
            chats.setdefault(sent.chat, {})[sent.message] = sent.age
        for job in jobs:
            age = self._sent_messages.age(job.created_at.timestamp())
            for where in await self._shown(job):
                chats.setdefault(where.chat, {}).setdefault(where.message, age)
        chats.get(pressed.chat, {}).pop(pressed.message, None)
        staying = sum([await self._from_chat(chat, known) for chat, known in chats.items()])
        return TakenBack(sum(map(len, chats.values())) - staying, staying)

    async def take_back_clip(self, pressed: ChatMessage, jobs: Sequence[Job]) -> TakenBack:
        """Remove whatever shows a clip beside the message in which that was asked for."""
        shown = {where for job in jobs for where in await self._shown(job)} - {pressed}
        return TakenBack.of([await self._removed(one.chat, [one.message]) for one in shown])

    async def _shown(self, job: Job) -> list[ChatMessage]:
        """Where a job's status or clip stands."""
        shown, address = await self._clip_messages.of(job.id), Address.of(job)
        if address is not None and job.message is not None:
            shown.append(ChatMessage(PLATFORM, address.chat, int(job.message)))
        return shown

    async def _from_chat(self, chat: int, ages: dict[int, float]) -> int:
        """What is old goes only where we may remove everybody's, so all of it or nothing."""
        young = [number for number, age in ages.items() if age < REMOVABLE]
        old = [number for number, age in ages.items() if age >= REMOVABLE]
        staying = 0
        for some in _parts(young):
            if not await self._removed(chat, some):
                staying += sum([not await self._removed(chat, [one]) for one in some])
        for some in _parts(old):
            staying += 0 if await self._removed(chat, some) else len(some)
        return staying

    async def _removed(self, chat: int, numbers: Sequence[int]) -> bool:
        for patience in (PATIENCE, 0.0):
            try:
                return await self._remove(chat, numbers)
            except RetryAfter as error:
                if seconds_of(error) > patience:
                    return False
                await asyncio.sleep(seconds_of(error))
            except BadRequest as error:
                log.info("messages_stay", reason=error.message)
                return len(numbers) == 1 and "not found" in error.message.lower()
            except TROUBLE as error:
                log.info("messages_stay", reason=str(error))
                return False
        return False

    async def _remove(self, chat: int, numbers: Sequence[int]) -> bool:
        if len(numbers) == 1:
            return await self._bot().delete_message(chat, numbers[0])
        return await self._bot().delete_messages(chat, numbers)


def _parts(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[start : start + TOGETHER] for start in range(0, len(numbers), TOGETHER)]
