"""From what somebody did to a job in line and its status message: how every new clip begins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import discord

from bot.chat.buttons import Verb, remake_of
from bot.delivery.sending import Route
from bot.language.catalogue import Catalogue
from bot.platforms.discord import permissions, pictures
from bot.platforms.discord.address import Address
from bot.platforms.discord.people import People
from bot.platforms.discord.pictures import Source
from bot.platforms.discord.replies import Interaction, NotAcknowledged, Replies, acknowledge
from bot.platforms.discord.routes import Routes
from bot.platforms.discord.transport import DiscordTransport
from bot.submission.fetching import Open
from bot.submission.options import NO_EXTRA_PICTURES, ExtraPictures, Options
from bot.submission.person import Person
from bot.submission.submit import Submission
from bot.submission.uploads import IncomingUpload
from generation.jobs import Ticket

Submit = Callable[[Person, Address], Awaitable[Ticket]]
"""Puts somebody's request in line; raises `Rejected` kinds and `UserError`."""


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """The pictures are still on Discord's servers; `source` is the message they are from."""

    picture: Source
    options: Options
    end: Source | None = None
    source: int | None = None


class InteractionSubmission:
    def __init__(
        self,
        submission: Submission,
        replies: Replies,
        people: People,
        routes: Routes,
        transport: DiscordTransport,
        download: Open,
    ) -> None:
        self._submission = submission
        self._replies = replies
        self._people = people
        self._routes = routes
        self._transport = transport
        self._download = download

    async def animate(self, interaction: Interaction, request: PictureRequest) -> None:
        """A new clip of a picture; whatever refuses it is said in private."""

        async def submit(person: Person, address: Address) -> Ticket:
            catalogue = self._replies.catalogue(interaction)
            async with self._submission.admitted(person, key=str(interaction.id)) as admission:
                picture, extra = await self._fetched(request, admission.upload, catalogue)
                return await self._submission.animate(
                    admission, picture, request.options, extra, address=address.to_reply()
                )

        async with self._replies.to(interaction):
            self._submission.check(request.options, end=request.end is not None)
            await self._submit(interaction, submit, request.source)

    async def again(
        self, interaction: Interaction, job_id: str, verb: Verb, *, changes: Options | None = None
    ) -> None:
        """Another clip from an old one, for whoever presses."""

        async def submit(person: Person, address: Address) -> Ticket:
            async with self._submission.admitted(person, key=str(interaction.id)) as admission:
                return await self._submission.again(
                    admission,
                    job_id,
                    remake_of(verb),
                    changes=asdict(changes) if changes is not None else None,
                    address=address.to_reply(),
                )

        async with self._replies.to(interaction):
            source = interaction.message.id if interaction.message is not None else None
            await self._submit(interaction, submit, source)

    async def _fetched(
        self, request: PictureRequest, upload: IncomingUpload, catalogue: Catalogue
    ) -> tuple[Path, ExtraPictures]:
        picture = await pictures.fetch(self._download, request.picture, upload, catalogue)
        if request.end is None:
            return picture, NO_EXTRA_PICTURES
        end = await pictures.fetch(self._download, request.end, upload, catalogue)
        return picture, ExtraPictures(end=end)

    async def _submit(self, interaction: Interaction, submit: Submit, source: int | None) -> None:
        permissions.check(interaction, self._replies.catalogue(interaction))
        address = _address(interaction, source)
        try:
            await acknowledge(interaction)
        except NotAcknowledged as error:
            if not (error.late and address.member):
                raise
            address = address.without_token()  # the channel still takes messages of ours
        ticket = await submit(self._people.of(interaction), address)
        route = self._status_route(interaction, address, ticket)
        await self._transport.announce(ticket, address, route)

    def _status_route(self, interaction: Interaction, address: Address, ticket: Ticket) -> Route:
        if address.token is not None:
            return self._routes.fill(interaction)
        nonce = f"s{ticket.job_id.removeprefix('video_')}"
        return self._routes.send(address, nonce, mention=False)


def _address(interaction: Interaction, source: int | None) -> Address:
    channel = interaction.channel
    restricted = isinstance(
        channel, discord.TextChannel | discord.VoiceChannel | discord.Thread
    ) and bool(channel.is_nsfw())
    return Address(
        application=interaction.application_id,
        channel=interaction.channel_id or 0,
        user=interaction.user.id,
        guild=interaction.guild_id,
        token=interaction.token,
        expires=interaction.expires_at.timestamp(),
        limit=interaction.filesize_limit,
        member=permissions.is_member(interaction),
        locale=interaction.locale.value,
        source=source,
        restricted=restricted,
    )
