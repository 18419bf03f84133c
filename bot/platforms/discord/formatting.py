"""How a person's text and a moment are written so that Discord shows exactly them."""

from __future__ import annotations

from datetime import datetime

import discord

from bot.language.wording import Formatting


def escape(text: str) -> str:
    """No formatting, no link that unfolds, nothing that looks like a mention.

    `AllowedMentions` already keeps a mention from ringing; this keeps it from being shown as one.
    """
    plain = discord.utils.escape_markdown(text, ignore_links=False)
    return plain.replace("<", "\\<").replace("@", "@\u200b").replace("://", "\\://")


def moment(when: datetime) -> str:
    """Counted down by every reader's own program, so that nobody has to edit the message."""
    return f"<t:{round(when.timestamp())}:R>"


def discord_formatting() -> Formatting:
    return Formatting(escape, moment)
