"""The commands as they come in; one that Discord still shows though it has changed is told so."""

from __future__ import annotations

from typing import Any

import discord
import structlog
from discord import app_commands

from bot.chat.errors import UserError
from bot.platforms.discord.replies import Interaction, Replies

log = structlog.get_logger(__name__)

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
BOTH = app_commands.AppInstallationType(guild=True, user=True)


class Tree(app_commands.CommandTree[discord.Client]):
    def __init__(self, client: discord.Client, replies: Replies) -> None:
        super().__init__(client, allowed_contexts=EVERYWHERE, allowed_installs=BOTH)
        self._replies = replies

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            return  # nothing can be said there
        async with self._replies.to(interaction):
            raise _meant(interaction, error, self._replies)


def _meant(
    interaction: Interaction, error: app_commands.AppCommandError, replies: Replies
) -> Exception:
    """What the person is told: theirs is an older command, or it is our defect."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    log.info("outdated_command", reason=str(error))
    return UserError(replies.catalogue(interaction).say("discord.answer.outdated"))
