"""Who stands behind an interaction: their name for limits, their language, their rights."""

from __future__ import annotations

from collections.abc import Collection

import discord

from bot.platforms.discord.address import PLATFORM, Address
from bot.platforms.discord.replies import Interaction
from bot.submission.person import Person
from generation.jobs import Job, Requester
from generation.store.history import History


class People:
    """`admins` are the ids of the users whom the settings name as operators."""

    def __init__(self, admins: Collection[int], history: History) -> None:
        self._admins = frozenset(admins)
        self._history = history

    def of(self, interaction: Interaction, *, job: Job | None = None) -> Person:
        """`job` is the one they want to do something with, where that needs a right."""
        user = interaction.user
        return Person(
            Requester(PLATFORM, str(user.id)),
            interaction.locale.value,
            _identities(user, interaction.guild_id),
            operator=self._operates(interaction),
            moderator=job is not None and _moderates(interaction, job),
        )

    async def of_message(self, message: discord.Message) -> Person:
        """Who wrote it; a message does not say in which language they read."""
        user, guild = message.author, message.guild
        requester = Requester(PLATFORM, str(user.id))
        locale = guild.preferred_locale.value if guild is not None else None
        for job in await self._history.clips_of(requester, most=1):
            address = Address.of(job)
            locale = address.locale if address is not None and address.locale else locale
        guild_id = guild.id if guild is not None else None
        return Person(requester, locale, _identities(user, guild_id))

    def _operates(self, interaction: Interaction) -> bool:
        """The settings' admins, the application's owners, and who runs a server that they chose.

        Anybody can bring a public application to a server of their own, so running one proves
        nothing there; a private one can be brought by its owners alone.
        """
        application = interaction.client.application
        if interaction.user.id in self._admins:
            return True
        if application is None:
            return False
        if interaction.user.id in _owners(application):
            return True
        return not application.bot_public and bool(
            interaction.guild_id is not None and interaction.permissions.manage_guild
        )


def _identities(user: discord.User | discord.Member, guild_id: int | None) -> tuple[str, ...]:
    identities = [f"{PLATFORM}:{user.id}"]
    if guild_id is not None:
        identities.append(f"{PLATFORM}-guild:{guild_id}")
    if isinstance(user, discord.Member):
        identities += [f"{PLATFORM}-role:{role.id}" for role in user.roles]
    return tuple(identities)


def asked_for(interaction: Interaction) -> bool:
    """Whether Discord says that the message somebody presses in is theirs, or theirs to remove."""
    message, user = interaction.message, interaction.user.id
    if message is None:
        return False
    if interaction.guild_id is None and not interaction.context.private_channel:
        return True  # nobody else is there
    if interaction.guild_id is not None and interaction.permissions.manage_messages:
        return True
    began = message.interaction_metadata
    if began is not None and began.user.id == user:
        return True
    if any(person.id == user for person in message.mentions):
        return True  # whom we name is always who asked: others' words cannot mention anybody
    return _answers(message, user, interaction.application_id)


def _answers(message: discord.Message, user: int, application: int) -> bool:
    """Whether it answers words of theirs to us; that it shows their picture is not enough."""
    question = message.reference.resolved if message.reference is not None else None
    if not isinstance(question, discord.Message) or question.author.id != user:
        return False
    return any(person.id == application for person in question.mentions)


def _owners(application: discord.AppInfo) -> set[int]:
    if application.team is not None:
        return {member.id for member in application.team.members}
    return {application.owner.id}


def _moderates(interaction: Interaction, job: Job) -> bool:
    """Who may delete messages in a server may end and delete the clips made in it."""
    address = Address.of(job)
    here = (
        address is not None
        and interaction.guild_id is not None
        and address.guild == interaction.guild_id
    )
    return here and interaction.permissions.manage_messages
