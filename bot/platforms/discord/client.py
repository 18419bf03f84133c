"""The one connection to Discord: its events, its commands, nothing that runs by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.language.wording import outdated
from bot.platforms.discord.button_handlers import ButtonHandlers
from bot.platforms.discord.command_sync import Registered, sync
from bot.platforms.discord.components import ClipButton, ClipChoice, ForgetButton, OldButton
from bot.platforms.discord.forms import Forms
from bot.platforms.discord.replies import Interaction, Replies
from bot.platforms.discord.translation import Translation

log = structlog.get_logger(__name__)

PATIENCE = 60.0
"""Seconds the library may wait for a rate limit before it raises instead."""


class Client(discord.AutoShardedClient):
    """`note` is the file that remembers which commands were registered last."""

    def __init__(
        self,
        replies: Replies,
        forms: Forms,
        button_handlers: ButtonHandlers,
        commands: Sequence[Registered],
        translation: Translation,
        note: Path,
        *,
        shards: int | None = None,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
        intents = discord.Intents.none()
        intents.guilds = True  # where the bot is a member, and how large a file is there
        super().__init__(
            intents=intents,
            shard_count=shards,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=PATIENCE,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self._replies = replies
        self._forms = forms
        self.button_handlers = button_handlers
        self._translation = translation
        self._note = note
        everywhere = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        both = app_commands.AppInstallationType(guild=True, user=True)
        self.tree = app_commands.CommandTree(
            self, allowed_contexts=everywhere, allowed_installs=both
        )
        for command in commands:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(ClipButton, ClipChoice, ForgetButton, OldButton)
        await self.tree.set_translator(self._translation)
        try:
            await sync(self.tree, self._note)
        except (discord.HTTPException, OSError) as error:  # the old set still serves
            log.error("commands_not_registered", reason=str(error))

    async def on_ready(self) -> None:
        log.info("discord_ready", servers=len(self.guilds))

    async def on_interaction(self, interaction: Interaction) -> None:
        """A form that was open while the program was restarted has nobody else to reply to it."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Mapping[str, Any] = interaction.data or {}
        if self._forms.made(str(data.get("custom_id"))):
            return
        async with self._replies.to(interaction):
            sentence = outdated(self._replies.catalogue(interaction))
            await interaction.response.send_message(sentence, ephemeral=True)
