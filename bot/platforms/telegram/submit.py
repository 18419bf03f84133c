"""From a message to a job in line and its status message: the way of every new clip."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import structlog
import telegram

from bot.chat.buttons import Verb, remake_of
from bot.chat.errors import UserError
from bot.delivery.opening import Opening
from bot.delivery.sending import Sending
from bot.platforms.telegram import pictures
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.command_parsing import BadOption, wish
from bot.platforms.telegram.pictures import Source
from bot.platforms.telegram.replies import Replies, thread_of
from bot.platforms.telegram.transport import TelegramTransport
from bot.submission.options import Options
from bot.submission.person import Person
from bot.submission.submit import Submission
from generation.events import Running, Waiting
from generation.jobs import Job, Ticket

log = structlog.get_logger(__name__)


class MessageSubmission:
    """`local`: the Bot API server is our own."""

    def __init__(
        self,
        submission: Submission,
        opening: Opening,
        answers: Replies,
        transport: TelegramTransport,
        *,
        local: bool,
    ) -> None:
        self._submission = submission
        self._opening = opening
        self._answers = answers
        self._transport = transport
        self._local = local

    def words(self, text: str, person: Person) -> Options:
        """What stands behind a command; raises `UserError`."""
        catalogue = self._answers.catalogue(person.locale)
        try:
            return wish(text)
        except BadOption as error:
            said = catalogue.say("telegram.answer.bad_option", option=error.option)
            raise UserError(said) from None

    async def ask(
        self, message: telegram.Message, person: Person, source: Source, words: Options
    ) -> None:
        """A new clip of a picture; raises `Rejected` kinds and `UserError`."""
        key = f"{message.chat_id}:{message.id}"
        self._submission.check(words)
        await self._submission.admit(person, key=key)
        catalogue = self._answers.catalogue(person.locale)
        bot = message.get_bot()
        picture: bytes | Path = await pictures.fetch(bot, source, catalogue, local=self._local)
        address = address_of(message, person)
        ticket = await self._submission.animate(
            person,
            picture,
            words,
            key=key,
            address=address.to_reply(),
        )
        await self._begin(address, ticket)

    async def again(
        self,
        message: telegram.Message,
        person: Person,
        job_id: str,
        verb: Verb,
        *,
        key: str,
        changes: Options | None = None,
    ) -> None:
        """Another clip from an old one, for whoever asks; `message` is what is answered."""
        address = address_of(message, person)
        ticket = await self._submission.again(
            person,
            job_id,
            remake_of(verb),
            changes=asdict(changes) if changes is not None else None,
            key=key,
            address=address.to_reply(),
        )
        await self._begin(address, ticket)

    async def _begin(self, address: Address, ticket: Ticket) -> None:
        async def post(job: Job, event: Waiting | Running) -> Sending:
            return await self._transport.announce(job, address, event)

        await self._opening.begin(ticket, post)


def address_of(message: telegram.Message, person: Person) -> Address:
    user = int(person.requester.user)
    return Address(
        chat=message.chat_id,
        source=message.id,
        thread=thread_of(message),
        user=user if user > 0 else None,
        locale=person.locale,
    )
