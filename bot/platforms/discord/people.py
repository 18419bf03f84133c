"""Who stands behind an interaction: their name for limits, their language, their rights."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import discord

from bot.platforms.discord.address import Address
from bot.submission.person import Person
from generation.jobs import Job, Requester

PLATFORM = "discord"


class People:
    """`admins` are the ids of the users whom the settings name as operators."""

    def __init__(self, admins: Collection[int]) -> None:
        self._admins = frozenset(admins)

    def of(self, asked: discord.Interaction[Any], *, job: Job | None = None) -> Person:
        """`job` is the one they want to do something with, where that needs a right."""
        user = asked.user
        identities = [f"{PLATFORM}:{user.id}"]
        if asked.guild_id is not None:
            identities.append(f"{PLATFORM}-guild:{asked.guild_id}")
        if isinstance(user, discord.Member):
            identities += [f"{PLATFORM}-role:{role.id}" for role in user.roles]
        return Person(
            Requester(PLATFORM, str(user.id)),
            asked.locale.value,
            tuple(identities),
            operator=self._operates(asked),
            moderator=job is not None and _moderates(asked, job),
        )

    def _operates(self, asked: discord.Interaction[Any]) -> bool:
        """The settings' admins, the application's owners, and who runs a server that they chose.

        Anybody can bring a public application to a server of their own, so running one proves
        nothing there; a private one can be brought by its owners alone.
        """
        application = asked.client.application
        if asked.user.id in self._admins:
            return True
        if application is None:
            return False
        if asked.user.id in _owners(application):
            return True
        return not application.bot_public and bool(
            asked.guild_id is not None and asked.permissions.manage_guild
        )


def _owners(application: discord.AppInfo) -> set[int]:
    if application.team is not None:
        return {member.id for member in application.team.members}
    return {application.owner.id}


def _moderates(asked: discord.Interaction[Any], job: Job) -> bool:
    """Who may delete messages in a server may end and delete the clips made in it."""
    address = Address.of(job)
    here = address is not None and asked.guild_id is not None and address.guild == asked.guild_id
    return here and asked.permissions.manage_messages
