"""The one connection to Discord: its events, its commands, nothing that runs by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import discord
import structlog

from bot.platforms.discord.button_handlers import ButtonHandlers
from bot.platforms.discord.command_sync import Registered, sync
from bot.platforms.discord.command_tree import Tree
from bot.platforms.discord.components import (
    AgainButton,
    ClipButton,
    ClipChoice,
    ForgetButton,
    OldButton,
    SureButton,
)
from bot.platforms.discord.form_handlers import FormHandlers
from bot.platforms.discord.gallery_page import PageButton
from bot.platforms.discord.greeting import Greeting
from bot.platforms.discord.mentions import Mentions
from bot.platforms.discord.replies import Interaction, Replies
from bot.platforms.discord.storyboard import StoryboardCommand
from bot.platforms.discord.submit import InteractionSubmission
from bot.platforms.discord.translation import Translation

log = structlog.get_logger(__name__)

PATIENCE = 60.0
"""Seconds the library may wait for a rate limit before it raises instead."""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who deals with what comes in."""

    replies: Replies
    buttons: ButtonHandlers
    forms: FormHandlers
    mentions: Mentions
    greeting: Greeting
    submission: InteractionSubmission
    storyboard: StoryboardCommand


class Client(discord.AutoShardedClient):
    """`commands` makes those that are true now; `note` remembers which were registered last."""

    def __init__(
        self,
        receivers: Receivers,
        commands: Callable[[], Sequence[Registered]],
        translation: Translation,
        note: Path,
        *,
        shards: int | None = None,
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
        intents = discord.Intents.none()
        intents.guilds = True  # where the bot is a member, and how large a file is there
        intents.guild_messages = intents.dm_messages = True  # what is said to the bot
        super().__init__(
            intents=intents,
            shard_count=shards,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=PATIENCE,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self._receivers = receivers
        self._commands = commands
        self.button_handlers = receivers.buttons
        self._translation = translation
        self._note = note
        self.tree = Tree(self, receivers.replies)
        for command in commands():
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(
            ClipButton, ClipChoice, PageButton, ForgetButton, SureButton, AgainButton, OldButton
        )
        await self.tree.set_translator(self._translation)
        await self.register()

    async def register(self) -> None:
        """Tell Discord the commands, where it does not know them yet."""
        try:
            self._receivers.greeting.tappable = await sync(self.tree, self._note)
        except (discord.HTTPException, OSError) as error:  # the old set still serves
            log.error("commands_not_registered", reason=str(error))

    async def renew_commands(self) -> None:
        """Another engine may have other options."""
        for command in self._commands():
            self.tree.add_command(command, override=True)
        await self.register()

    async def on_ready(self) -> None:
        log.info("discord_ready", servers=len(self.guilds))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._receivers.greeting.joined(guild)

    async def on_message(self, message: discord.Message) -> None:
        await self._receivers.mentions.heard(message)

    async def on_interaction(self, interaction: Interaction) -> None:
        """A form is read here, so that one from before a restart is as good as any."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self._receivers.forms.submitted(interaction)
