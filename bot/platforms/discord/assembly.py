"""The parts of the Discord front, put together from what all chats share."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.delivery.chat_transport import TransportParts
from bot.delivery.messages import Messages
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
from bot.submission.fetching import Open, over_http
from config.sections import DiscordSettings

ROOM = 300
"""Characters left for what a route adds: a mention, why it comes directly, that it is too large."""


def discord_front(
    token: str,
    settings: DiscordSettings,
    parts: ChatParts,
    *,
    follow: Callable[[str], None],
    shards: int | None = None,
    clock: Callable[[], float] = time.time,
    download: Open = over_http,
) -> DiscordFront:
    """`follow` makes the narrator tell of a job; `clock` gives epoch seconds.

    `download` is how what people attached is fetched from Discord's servers.
    """
    chat_commands, texts = parts.chat_commands, parts.texts
    people = People([int(admin) for admin in settings.admins])
    replies, formatting = Replies(texts), discord_formatting()
    forms, routes = Forms(replies), Routes(lambda: front.client, texts)
    transport = _transport(parts, routes, follow, clock)
    submission = InteractionSubmission(
        parts.submission, replies, people, routes, transport, download
    )
    button_handlers = ButtonHandlers(
        chat_commands, submission, replies, forms, people, routes, transport
    )

    def connection() -> Client:
        english = texts.of(None)
        commands: list[Registered] = [
            animate(submission, replies, english),
            *Commands(chat_commands, replies, people, formatting).all(english),
            *Menus(submission, replies, forms).all(english),
            Admin(chat_commands, replies, people).group(english),
        ]
        note = parts.workspace.folder / "discord-commands"  # what was registered last
        translation = Translation(texts)
        return Client(replies, forms, button_handlers, commands, translation, note, shards=shards)

    async def waiting() -> int:
        return (await parts.history.counts())["queued"]

    api_url = str(settings.api_url)
    front = DiscordFront(token, api_url, transport, connection, parts.deliveries, texts, waiting)
    return front


def _transport(
    parts: ChatParts, routes: Routes, follow: Callable[[str], None], clock: Callable[[], float]
) -> DiscordTransport:
    commands, texts, formatting = parts.chat_commands, parts.texts, discord_formatting()
    messages = Messages(
        commands.verbs, texts, lambda _: formatting, limit=MESSAGE - ROOM, previews=True
    )
    sender = Sender(parts.smaller, parts.links, texts)
    shared = TransportParts(commands.view, follow, parts.deliveries, messages, sender, clock)
    return DiscordTransport(shared, routes, texts)
