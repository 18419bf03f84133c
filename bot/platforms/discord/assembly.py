"""The parts of the Discord front, put together from what all chats share."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.delivery.messages import Messages
from bot.delivery.opening import Opening
from bot.delivery.sending import Sender
from bot.language.wording import MESSAGE
from bot.platforms.discord.admin import Admin
from bot.platforms.discord.animate import animate
from bot.platforms.discord.button_handlers import ButtonHandlers
from bot.platforms.discord.client import Client
from bot.platforms.discord.command_sync import Registered
from bot.platforms.discord.commands import Commands
from bot.platforms.discord.formatting import discord_formatting
from bot.platforms.discord.forms import Forms
from bot.platforms.discord.front import DiscordFront
from bot.platforms.discord.menus import Menus
from bot.platforms.discord.people import People
from bot.platforms.discord.replies import Replies
from bot.platforms.discord.routes import Routes
from bot.platforms.discord.submit import InteractionSubmission
from bot.platforms.discord.translation import Translation
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.parts import ChatParts
from config.sections import DiscordSettings

ROOM = 300
"""Characters left for what a way adds: a mention, why it comes directly, that it is too large."""


def discord_front(
    token: str,
    settings: DiscordSettings,
    parts: ChatParts,
    *,
    follow: Callable[[str], None],
    shards: int | None = None,
    clock: Callable[[], float] = time.time,
) -> DiscordFront:
    """`follow` makes the narrator tell of a job; `clock` gives epoch seconds."""
    desk, deliveries, texts = parts.chat_commands, parts.deliveries, parts.texts
    people = People([int(admin) for admin in settings.admins])
    answers, speech = Replies(texts), discord_formatting()
    forms, post = Forms(answers), Routes(lambda: front.client, texts)
    letters = Messages(desk, texts, lambda _: speech, limit=MESSAGE - ROOM)
    handover = Sender(parts.smaller, parts.links, texts)
    transport = DiscordTransport(post, letters, handover, deliveries, texts, clock=clock)
    opening = Opening(desk, deliveries, follow)
    asking = InteractionSubmission(parts.submission, opening, answers, people, post, transport)
    presses = ButtonHandlers(desk, asking, answers, forms, people, speech, parts.smaller)

    def connection() -> Client:
        english = texts.of(None)
        commands: list[Registered] = [
            animate(asking, answers, english),
            *Commands(desk, answers, people, speech).all(english),
            *Menus(asking, answers, forms).all(english),
            Admin(desk, answers, people).group(english),
        ]
        note = parts.workspace.folder / "discord-commands"  # what was registered last
        return Client(answers, forms, presses, commands, Translation(texts), note, shards=shards)

    async def waiting() -> int:
        return (await parts.history.counts())["queued"]

    api_url = str(settings.api_url)
    front = DiscordFront(token, api_url, transport, connection, deliveries, texts, waiting)
    return front
