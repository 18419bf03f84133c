"""Who stands behind a message: their name for limits, their language, their rights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import telegram
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.platforms.telegram.address import Address
from bot.submission.person import Person
from generation.errors import NotAllowed
from generation.jobs import Job, Requester

PLATFORM = "telegram"
STAFF = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


def locale_of(user: telegram.User | None) -> str | None:
    return user.language_code if user is not None else None


class People:
    """`admins` are the ids of the users whom the settings name as operators."""

    def __init__(self, admins: Collection[int]) -> None:
        self._admins = frozenset(admins)

    def of_message(self, message: telegram.Message) -> Person:
        """Who wrote it: a user, or the group or channel in whose name it was written."""
        if message.sender_chat is not None:
            return self._person(message.sender_chat.id, message.chat, None)
        user = message.from_user
        return self._person(user.id if user else message.chat_id, message.chat, locale_of(user))

    async def of_press(self, query: telegram.CallbackQuery, job: Job | None = None) -> Person:
        """`job` is the one they want to do something with, where that needs a right."""
        message = query.message
        chat = message.chat if message is not None else None
        person = self._person(query.from_user.id, chat, locale_of(query.from_user))
        if job is None or chat is None or person.may_end(job):
            return person
        address = Address.of(job)
        here = job.requester.user == str(chat.id)
        here = here or (address is not None and address.chat == chat.id)
        if not here or chat.type == ChatType.PRIVATE or not await _staff(chat, query.from_user):
            return person
        return Person(person.requester, person.locale, person.identities, moderator=True)

    async def acting_for(self, query: telegram.CallbackQuery, owner: str) -> Person:
        """Whoever presses what was made for the `owner`: they are it, or of the staff of that chat.

        Raises `NotAllowed`.
        """
        person = await self.of_press(query)
        if person.requester.user == owner:
            return person
        chat = telegram.Chat(int(owner), ChatType.SUPERGROUP)
        chat.set_bot(query.get_bot())
        if chat.id > 0 or not await self.run(chat, query.from_user):
            raise NotAllowed("not_for_you")
        beside = query.message.chat if query.message is not None else None
        acting = self._person(chat.id, beside, person.locale)
        return replace(acting, identities=tuple({*acting.identities, *person.identities}))

    async def run(self, chat: telegram.Chat, user: telegram.User) -> bool:
        """Whether somebody is of the staff of a chat."""
        return user.id in self._admins or await _staff(chat, user)

    def _person(self, who: int, chat: telegram.Chat | None, locale: str | None) -> Person:
        identities = [f"{PLATFORM}:{who}"]
        if chat is not None and chat.id != who:
            identities.append(f"{PLATFORM}:{chat.id}")
        requester = Requester(PLATFORM, str(who))
        return Person(requester, locale, tuple(identities), operator=who in self._admins)


async def _staff(chat: telegram.Chat, user: telegram.User) -> bool:
    """Whether somebody runs the chat they press in."""
    try:
        member = await chat.get_member(user.id)
    except TelegramError:
        return False
    return member.status in STAFF
