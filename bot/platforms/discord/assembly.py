"""The parts of the Discord front, put together from what all chats share."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

from bot.chat.commands import ChatCommands
from bot.delivery.chat_transport import TransportParts
from bot.delivery.links import Links
from bot.delivery.messages import Messages
from bot.delivery.sending import Sender, Smaller
from bot.language.catalogue import Texts
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
from bot.submission.intake import Intake
from generation.store.delivery import Deliveries

ROOM = 300
"""Characters left for what a route adds: a mention, why it comes directly, that it is too large."""


def discord_front(
    token: str,
    api_url: str,
    admins: Collection[int],
    chat_commands: ChatCommands,
    intake: Intake,
    deliveries: Deliveries,
    texts: Texts,
    *,
    follow: Callable[[str], None],
    smaller: Smaller,
    links: Links,
    waiting: Callable[[], Awaitable[int]],
    folder: Path,
    shards: int | None = None,
    clock: Callable[[], float] = time.time,
) -> DiscordFront:
    """`folder` is where a note of the registered commands lies; `clock` gives epoch seconds."""
    replies, people, formatting = Replies(texts), People(admins), discord_formatting()
    forms, routes = Forms(replies), Routes(lambda: front.client, texts)
    messages = Messages(
        chat_commands.verbs, texts, lambda _: formatting, limit=MESSAGE - ROOM, previews=True
    )
    sender = Sender(smaller, links, texts)
    parts = TransportParts(chat_commands.view, follow, deliveries, messages, sender, clock)
    transport = DiscordTransport(parts, routes, texts)
    submission = InteractionSubmission(chat_commands, intake, replies, people, routes, transport)
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
        note, translation = folder / "discord-commands", Translation(texts)
        return Client(replies, forms, button_handlers, commands, translation, note, shards=shards)

    front = DiscordFront(token, api_url, transport, connection, deliveries, texts, waiting)
    return front
