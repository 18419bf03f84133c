"""From what somebody did to a job in line and its status message: how every new clip begins."""

from __future__ import annotations

import discord

from bot.chat.buttons import Verb
from bot.delivery.sending import Route
from bot.platforms.discord import permissions
from bot.platforms.discord.address import Address
from bot.platforms.discord.clip_requests import (
    ClipRequest,
    PictureRequest,
    RemakeRequest,
    StoryboardRequest,
    Wanted,
)
from bot.platforms.discord.inbox import DiscordInbox
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Interaction, NotAcknowledged, Replies, acknowledge
from bot.platforms.discord.routes import Routes
from bot.platforms.discord.server_places import check_here
from bot.submission.options import Options
from bot.submission.person import Person
from bot.submission.scenes import SceneWish, check_each, check_scenes, of_scene
from bot.submission.submit import Submission


class InteractionSubmission:
    """Whatever refuses a request is said in private."""

    def __init__(
        self,
        submission: Submission,
        replies: Replies,
        people: People,
        inbox: DiscordInbox,
        routes: Routes,
    ) -> None:
        self._submission = submission
        self._replies = replies
        self._people = people
        self._inbox = inbox
        self._routes = routes

    async def animate(
        self, interaction: Interaction, request: PictureRequest, source: int | None = None
    ) -> None:
        """A new clip of a picture; `source` is the message it is from."""
        async with self._replies.to(interaction):
            person = self._people.of(interaction)
            self._submission.check(request.options, end=request.end is not None)
            await self._submission.check_words(person, request.options)
            await self._submit(interaction, person, request, source)

    async def film(self, interaction: Interaction, request: StoryboardRequest) -> None:
        """One film of several scenes."""
        async with self._replies.to(interaction):
            person = self._people.of(interaction)
            shown = [SceneWish(options, b"" if one else None) for options, one in request.scenes]
            check_scenes(shown)
            check_each(shown, self._submission.check)
            for number, scene in enumerate(shown, start=1):
                with of_scene(shown, number):
                    await self._submission.check_words(person, scene.options)
            await self._submit(interaction, person, request, None)

    async def again(
        self, interaction: Interaction, job_id: str, verb: Verb, *, changes: Options | None = None
    ) -> None:
        """Another clip from an old one, for whoever presses."""
        async with self._replies.to(interaction):
            person = self._people.of(interaction)
            if changes is not None:
                self._submission.check(changes)
                await self._submission.check_words(person, changes)
            source = interaction.message.id if interaction.message is not None else None
            wanted = RemakeRequest(job_id, verb, changes)
            await self._submit(interaction, person, wanted, source)

    async def _submit(
        self, interaction: Interaction, person: Person, wanted: Wanted, source: int | None
    ) -> None:
        catalogue = self._replies.catalogue(interaction)
        permissions.check(interaction, catalogue)
        settings = await self._submission.places.of(person)  # read before others see anything
        check_here(settings, interaction.channel, catalogue)
        named = isinstance(wanted, RemakeRequest) and not _is_alone(interaction)
        address = address_of(interaction, source, settings.language)
        address = address.model_copy(update={"named": named})
        try:
            await acknowledge(interaction)
        except NotAcknowledged as error:
            if not (error.late and address.member):
                raise
            address = address.without_token()  # the channel still takes messages of ours

        def fill(address: Address) -> Route:
            named, spoiler = address.named, address.spoiler
            return self._routes.fill(interaction, named=named, spoiler=spoiler)

        post = fill if address.token is not None else None
        request = ClipRequest(interaction.id, person, address, wanted)
        async with self._inbox.kept(request) as new:
            if new:
                async with self._replies.to(interaction):
                    await self._inbox.make(request, post)


def restricted(channel: object) -> bool:
    """Whether a place is for adults."""
    kinds = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
    return isinstance(channel, kinds) and bool(channel.is_nsfw())


def _is_alone(interaction: Interaction) -> bool:
    """Whether nobody but the bot is where somebody asks."""
    return interaction.guild_id is None and not interaction.context.private_channel


def address_of(
    interaction: Interaction, source: int | None = None, language: str | None = None
) -> Address:
    """`language` is that of what everybody sees, if it is not that of who asks."""
    return Address(
        application=interaction.application_id,
        channel=interaction.channel_id or 0,
        user=interaction.user.id,
        guild=interaction.guild_id,
        token=interaction.token,
        expires=interaction.expires_at.timestamp(),
        limit=interaction.filesize_limit,
        member=permissions.is_member(interaction),
        locale=language or interaction.locale.value,
        source=source,
        restricted=restricted(interaction.channel),
    )
