"""The commands as they come in; one that Discord still shows though it has changed is told so."""

from __future__ import annotations

from typing import Any

import discord
import structlog
from discord import app_commands

from bot.chat.errors import UserError
from bot.platforms.discord.replies import Interaction, Replies

log = structlog.get_logger(__name__)

GROUPS = (
    discord.AppCommandOptionType.subcommand.value,
    discord.AppCommandOptionType.subcommand_group.value,
)

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
BOTH = app_commands.AppInstallationType(guild=True, user=True)


class Tree(app_commands.CommandTree[discord.Client]):
    def __init__(self, client: discord.Client, replies: Replies) -> None:
        super().__init__(client, allowed_contexts=EVERYWHERE, allowed_installs=BOTH)
        self._replies = replies

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Raises for options that there are no more, or of another kind: the library leaves the
        ones out silently, and takes the others as they are.
        """
        command = interaction.command
        chosen = interaction.type is discord.InteractionType.application_command
        if chosen and isinstance(command, app_commands.Command):
            known = {one.display_name: one.type.value for one in command.parameters}
            given = {one["name"]: one["type"] for one in _options(interaction.data)}
            if not given.items() <= known.items():
                raise app_commands.CommandSignatureMismatch(command)
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            return  # nothing can be said there
        async with self._replies.to(interaction):
            raise _meant(interaction, error, self._replies)


def _options(data: Any) -> list[dict[str, Any]]:
    """Those that were filled in, however deep the command lies."""
    options: list[dict[str, Any]] = list(data.get("options", ()))
    while options and options[0]["type"] in GROUPS:
        options = list(options[0].get("options", ()))
    return options


def _meant(
    interaction: Interaction, error: app_commands.AppCommandError, replies: Replies
) -> Exception:
    """What the person is told: theirs is an older command, or it is our defect."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    log.info("outdated_command", reason=str(error))
    return UserError(replies.catalogue(interaction).say("discord.answer.outdated"))
