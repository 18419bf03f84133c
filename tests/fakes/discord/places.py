"""Channels and servers beside the first, and what the bot may not do in them."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.double import GUILD, Discord, channel, guild


async def open_channel(
    discord: Discord, number: str, *, denied: int = 0, **more: Any
) -> dict[str, Any]:
    """A new channel of the server."""
    rule = {"id": GUILD, "type": 0, "allow": "0", "deny": str(denied)}
    new = channel() | {"id": number, "guild_id": GUILD, "permission_overwrites": [rule]} | more
    discord.channels.append(new)
    await discord.gateway.tell("CHANNEL_CREATE", new)
    return new


async def invite(discord: Discord, number: str, channels: list[dict[str, Any]]) -> None:
    """Another server has the bot now."""
    roles = [guild()["roles"][0] | {"id": number}]
    here = [one | {"guild_id": number} for one in channels]
    discord.channels += here
    new = guild() | {"id": number, "roles": roles, "channels": here}
    await discord.gateway.tell("GUILD_CREATE", new)
