"""How a person's text and a moment are written so that Discord shows exactly them."""

from __future__ import annotations

import re
from datetime import datetime

import discord

from bot.chat.settings import PlaceNames
from bot.language.wording import Formatting

UNFOLDING = re.compile(r"(?<![^\W_])(?:www|discord(?:app)?)(?=\.)", re.IGNORECASE)
"""What begins an address or an invitation that Discord unfolds also without `https`."""


def escape(text: str) -> str:
    """No formatting, no link that unfolds, nothing that looks like a mention.

    `AllowedMentions` already keeps a mention from ringing; this keeps it from being shown as one.
    """
    plain = discord.utils.escape_markdown(text, ignore_links=False)
    plain = plain.replace("<", "\\<").replace("@", "@\u200b").replace("://", "\\://")
    return UNFOLDING.sub("\\g<0>\u200b", plain)


def moment(when: datetime) -> str:
    """Counted down by every reader's own program, so that nobody has to edit the message."""
    return f"<t:{round(when.timestamp())}:R>"


def discord_formatting() -> Formatting:
    return Formatting(escape, moment)


NAMES = PlaceNames(
    channel=lambda channel: f"<#{channel}>",
    chat=lambda channel: f"<#{channel}>",
    role=lambda role: f"<@&{role.rpartition(':')[2]}>",
    places="channels",
)
"""How a channel and a role are written; what is private rings nobody."""
