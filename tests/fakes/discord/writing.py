"""People write messages, and the bot is told what Discord tells one without a privilege."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.discord.double import BOT, CHANNEL, DM, GUILD, Discord, user


async def write(
    discord: Discord,
    words: str,
    *files: dict[str, Any],
    who: str = "55",
    channel: str = CHANNEL,
    answers: dict[str, Any] | None = None,
    rings: bool = False,
) -> dict[str, Any]:
    """The message as everybody else sees it; `rings`: an answer names whom it answers."""
    message = discord.post(channel, {"content": words}, {})
    message["author"] = user(who, f"user{who}")
    message["attachments"] = list(files)
    message["mentions"] = [user(BOT, "photoplay", bot=True)] if f"<@{BOT}>" in words else []
    if answers is not None and rings:
        message["mentions"].append(answers["author"])
    message["mention_roles"] = re.findall(r"<@&(\d+)>", words)
    told = _told(message)
    if answers is not None:
        reference = {"message_id": answers["id"], "channel_id": channel}
        told |= {"type": 19, "message_reference": reference}
        told["referenced_message"] = _told(answers)
    if channel != DM:
        member = {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}
        told |= {"guild_id": GUILD, "member": member | {"deaf": False, "mute": False}}
    await discord.gateway.tell("MESSAGE_CREATE", told)
    return message


def _told(message: dict[str, Any]) -> dict[str, Any]:
    """Without what it says, unless it is direct, names the bot or is its own."""
    open_to_bot = message["channel_id"] == DM or message["author"]["id"] == BOT
    if open_to_bot or any(one["id"] == BOT for one in message["mentions"]):
        return dict(message)
    hidden: dict[str, Any] = {"embeds": [], "attachments": [], "components": []}
    return message | {"content": ""} | hidden
