"""From what somebody did to a job in line and its status message: the way of every new clip."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

import discord
import structlog

from bot.chat.buttons import Verb, remake_of
from bot.delivery.opening import Opening, Posting
from bot.delivery.sending import Sending
from bot.platforms.discord import permissions, pictures
from bot.platforms.discord.address import Address
from bot.platforms.discord.people import People
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import Asked, Replies, Unheard, acknowledge
from bot.platforms.discord.routes import Routes
from bot.platforms.discord.transport import DiscordTransport
from bot.submission.options import NO_EXTRA_PICTURES, ExtraPictures, Options
from bot.submission.person import Person
from bot.submission.submit import Submission
from generation.events import Running, Waiting
from generation.jobs import Job, Ticket

log = structlog.get_logger(__name__)

Submit = Callable[[Person, Address], Awaitable[Ticket]]
"""Puts somebody's wish in line; raises `Rejected` kinds and `Told`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish with its pictures still on Discord's servers; `source`: the message they are from."""

    picture: Source
    words: Options
    end: Source | None = None
    source: int | None = None


class InteractionSubmission:
    def __init__(
        self,
        submission: Submission,
        opening: Opening,
        answers: Replies,
        people: People,
        post: Routes,
        transport: DiscordTransport,
    ) -> None:
        self._submission = submission
        self._opening = opening
        self._answers = answers
        self._people = people
        self._post = post
        self._transport = transport

    async def ask(self, asked: Asked, wanted: Wanted) -> None:
        """A new clip of a picture; whatever refuses it is said in private."""

        async def submit(person: Person, address: Address) -> Ticket:
            catalogue, client = self._answers.catalogue(asked), asked.client
            await self._submission.admit(person, key=str(asked.id))
            picture = await pictures.fetch(client, wanted.picture, catalogue)
            further = NO_EXTRA_PICTURES
            if wanted.end is not None:
                further = ExtraPictures(end=await pictures.fetch(client, wanted.end, catalogue))
            return await self._submission.animate(
                person,
                picture,
                wanted.words,
                further,
                key=str(asked.id),
                address=address.to_reply(),
            )

        async with self._answers.to(asked):
            further = ExtraPictures(end=b"") if wanted.end is not None else NO_EXTRA_PICTURES
            self._submission.check(wanted.words, further)
            await self._submitted(asked, submit, wanted.source)

    async def again(
        self, asked: Asked, job_id: str, verb: Verb, *, changes: Options | None = None
    ) -> None:
        """Another clip from an old one, for whoever asks."""

        async def submit(person: Person, address: Address) -> Ticket:
            return await self._submission.again(
                person,
                job_id,
                remake_of(verb),
                changes=asdict(changes) if changes is not None else None,
                key=str(asked.id),
                address=address.to_reply(),
            )

        async with self._answers.to(asked):
            source = asked.message.id if asked.message is not None else None
            await self._submitted(asked, submit, source)

    async def _submitted(self, asked: Asked, submit: Submit, source: int | None) -> None:
        permissions.check(asked, self._answers.catalogue(asked))
        address = _address(asked, source)
        try:
            await acknowledge(asked)
        except Unheard as unheard:
            if not (unheard.late and address.member):
                raise
            address = address.without_token()  # the channel still hears us
        ticket = await submit(self._people.of(asked), address)
        await self._opening.begin(ticket, self._posting(asked, address))

    def _posting(self, asked: Asked, address: Address) -> Posting:
        async def post(job: Job, event: Waiting | Running) -> Sending:
            if address.token is None:
                nonce = f"s{job.id.removeprefix('video_')}"
                way = self._post.send(address, nonce, calling=False)
            else:
                way = self._post.fill(asked)
            return await self._transport.announce(way, job, address, event)

        return post


def _address(asked: Asked, source: int | None) -> Address:
    channel = asked.channel
    restricted = isinstance(
        channel, discord.TextChannel | discord.VoiceChannel | discord.Thread
    ) and bool(channel.is_nsfw())
    return Address(
        application=asked.application_id,
        channel=asked.channel_id or 0,
        user=asked.user.id,
        guild=asked.guild_id,
        token=asked.token,
        expires=asked.expires_at.timestamp(),
        limit=asked.filesize_limit,
        member=permissions.is_member(asked),
        locale=asked.locale.value,
        source=source,
        restricted=restricted,
    )
