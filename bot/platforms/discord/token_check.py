"""Whether a token works and the servers let the bot do its work, found out without connecting."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import discord

from bot.platforms.discord.permissions import INVITED, invite
from bot.platforms.token_check import CheckedToken

LIMIT = 20.0
"""Seconds for all questions together."""

NAMED = 3
"""Servers that are named; of more only the number is said."""


async def check_token(token: str, api_url: str) -> CheckedToken:
    """One sentence about the token, one about the servers, and the link that invites."""
    try:
        async with asyncio.timeout(LIMIT), aiohttp.ClientSession() as session:
            return await _checked(session, token, api_url.rstrip("/"))
    except (aiohttp.ClientError, OSError, ValueError, KeyError):
        cure = "Check the network and discord.api_url; a start goes on trying."
        return CheckedToken(False, "Discord cannot be reached.", cure)


async def _checked(session: aiohttp.ClientSession, token: str, api_url: str) -> CheckedToken:
    status, application = await _get(session, token, f"{api_url}/oauth2/applications/@me")
    if status == 401:
        cure = "Copy it again: discord.com/developers, your application, Bot, Reset Token."
        return CheckedToken(False, "Discord does not take discord.token.", cure)
    if status != 200:
        return CheckedToken(False, f"Discord answers with {status}.", "Try again in a few minutes.")
    _, guilds = await _get(session, token, f"{api_url}/users/@me/guilds")
    link = invite(int(application["id"]))
    name = application["name"]
    if not guilds:
        return CheckedToken(
            True, f"{name} is known to Discord and in no server yet; invite it: {link}"
        )
    lacking = [guild for guild in guilds if _missing(guild)]
    if lacking:
        message = f"{name} lacks permissions in {_named(lacking)}: {_names(lacking[0])}."
        return CheckedToken(False, message, f"Grant them, or invite it again: {link}")
    count = len(guilds)
    return CheckedToken(
        True, f"{name} may do its work in all its servers ({count}); invite: {link}"
    )


async def _get(session: aiohttp.ClientSession, token: str, url: str) -> tuple[int, Any]:
    async with session.get(url, headers={"Authorization": f"Bot {token}"}) as response:
        return response.status, await response.json(content_type=None)


def _missing(guild: dict[str, Any]) -> discord.Permissions:
    held = discord.Permissions(int(guild["permissions"]))
    if held.administrator:
        return discord.Permissions.none()
    return discord.Permissions(INVITED.value & ~held.value)


def _names(guild: dict[str, Any]) -> str:
    return ", ".join(name.replace("_", " ") for name, is_missing in _missing(guild) if is_missing)


def _named(guilds: list[dict[str, Any]]) -> str:
    names = ", ".join(str(guild["name"]) for guild in guilds[:NAMED])
    return names if len(guilds) <= NAMED else f"{names} and {len(guilds) - NAMED} more servers"
