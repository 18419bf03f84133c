"""From a message to a job in line and its status message: how every new clip begins."""

from __future__ import annotations

from dataclasses import asdict

import telegram

from bot.chat.buttons import Verb, remake_of
from bot.chat.errors import UserError
from bot.platforms.telegram import pictures
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.option_parsing import BadOption, parse_options
from bot.platforms.telegram.pictures import Source
from bot.platforms.telegram.replies import Replies, thread_of
from bot.platforms.telegram.transport import TelegramTransport
from bot.submission.options import Options
from bot.submission.person import Person
from bot.submission.submit import Submission
from generation.jobs import Ticket


class MessageSubmission:
    """`local`: the Bot API server is our own."""

    def __init__(
        self,
        submission: Submission,
        replies: Replies,
        transport: TelegramTransport,
        *,
        local: bool,
    ) -> None:
        self._submission = submission
        self._replies = replies
        self._transport = transport
        self._local = local

    def options(self, text: str, person: Person) -> Options:
        """What stands behind a command; raises `UserError`."""
        catalogue = self._replies.catalogue(person.locale)
        try:
            return parse_options(text)
        except BadOption as error:
            key, facts = "telegram.answer.bad_option", {"option": error.option}
            if error.near is not None:
                key, facts = "telegram.answer.near_option", facts | {"near": error.near}
            raise UserError(catalogue.say(key, **facts)) from None

    async def animate(
        self, message: telegram.Message, person: Person, source: Source, options: Options
    ) -> None:
        """A new clip of a picture; raises `Rejected` kinds and `UserError`."""
        key = f"{message.chat_id}:{message.id}"
        self._submission.check(options)
        address = address_of(message, person, spoiler=source.spoiler)
        bot = message.get_bot()
        catalogue = self._replies.catalogue(person.locale)
        async with self._submission.admitted(person, key=key) as admission:
            upload = admission.upload
            picture = await pictures.fetch(bot, source, upload, catalogue, local=self._local)
            ticket = await self._submission.animate(
                admission, picture, options, address=address.to_reply()
            )
        await self._announce(ticket, address)

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
        """Another clip from an old one, for whoever presses; `message` is what is replied to."""
        spoiler = await self._transport.covered(job_id)
        address = address_of(message, person, spoiler=spoiler)
        async with self._submission.admitted(person, key=key) as admission:
            ticket = await self._submission.again(
                admission,
                job_id,
                remake_of(verb),
                changes=asdict(changes) if changes is not None else None,
                address=address.to_reply(),
            )
        await self._announce(ticket, address)

    async def _announce(self, ticket: Ticket, address: Address) -> None:
        route = self._transport.announcement(ticket.job_id, address)
        await self._transport.announce(ticket, address, route)


def address_of(message: telegram.Message, person: Person, *, spoiler: bool) -> Address:
    """`spoiler`: the clip is covered, as the picture was."""
    user = int(person.requester.user)
    return Address(
        chat=message.chat_id,
        source=message.id,
        thread=thread_of(message),
        user=user if user > 0 else None,
        sender=user if user < 0 and user != message.chat_id else None,
        locale=person.locale,
        spoiler=spoiler,
    )
