"""How we introduce ourselves: to a server that invites us, and to whoever asks us what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping

import discord
import structlog

from bot.language.catalogue import Catalogue, Texts
from bot.platforms.discord.replies import TROUBLE

log = structlog.get_logger(__name__)

COMMAND = re.compile(r"/(?P<name>[a-z]+)\b", re.ASCII)


class Greeting:
    """`tappable` are our commands as Discord shows them so that a tap begins one."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.tappable: Mapping[str, str] = {}

    def tapped(self, text: str) -> str:
        """The text with every command of ours in it made one that can be tapped."""

        def mention(found: re.Match[str]) -> str:
            return self.tappable.get(found["name"], found[0])

        return COMMAND.sub(mention, text)

    def how(self, catalogue: Catalogue) -> str:
        """All the ways to hand us a picture."""
        menu = catalogue.say("discord.menu.message")
        return self.tapped(catalogue.say("discord.answer.how", menu=menu))

    def hidden(self, catalogue: Catalogue) -> str:
        """What to do where Discord does not show us what a message holds."""
        return catalogue.say("discord.answer.hidden", menu=catalogue.say("discord.menu.message"))

    async def joined(self, guild: discord.Guild) -> None:
        """One message, in the first place of a server where we may speak."""
        for channel in (guild.system_channel, *guild.text_channels):
            held = channel.permissions_for(guild.me) if channel is not None else None
            if channel is None or held is None or not (held.view_channel and held.send_messages):
                continue
            try:
                await channel.send(self.how(self._texts.of(guild.preferred_locale.value)))
            except TROUBLE as error:
                log.info("not_greeted", reason=str(error))
            return
