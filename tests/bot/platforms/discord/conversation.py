"""How the tests read what stands in a channel."""

from __future__ import annotations

import re

import discord

from tests.fakes.discord.server import Server


def labels(message: discord.Message) -> list[str]:
    return [
        child.label or ""
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
        if isinstance(child, discord.Button)
    ]


def job_of(message: discord.Message) -> str:
    found = re.search(r"video_[a-z2-7]{18}", str(message.components))
    assert found is not None
    return found[0]


def calls(at: Server, method: str, path: str) -> int:
    """How often Discord was asked for this since it began."""
    return sum(
        one.method == method and re.search(path, one.path) is not None
        for one in at.env.http_requests
    )


async def delete(at: Server, message: discord.Message, who: str = "kim") -> None:
    """Pressed under a clip, and confirmed in private."""
    reply = await at.member(who).click(message, label="Delete")
    await at.member(who).click(reply.followups[-1], label="Delete")
    await at.settle()


async def clip_of(at: Server, who: str = "kim") -> discord.Message:
    """A finished clip of somebody, as it stands in the channel."""
    await at.animate(who)
    await at.finish()
    return at.messages[-1]
