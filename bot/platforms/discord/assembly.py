"""The parts of the Discord front, put together from what all chats share."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.settings import SettingsCommands
from bot.delivery.messages import Messages
from bot.delivery.sending import Sender
from bot.delivery.transport_parts import TransportParts
from bot.language.wording import MESSAGE
from bot.platforms.discord.admin import Admin
from bot.platforms.discord.animate import AnimateCommand, option_names
from bot.platforms.discord.button_handlers import ButtonHandlers
from bot.platforms.discord.client import Client, Receivers
from bot.platforms.discord.command_sync import Registered
from bot.platforms.discord.commands import Commands
from bot.platforms.discord.edits import Edits
from bot.platforms.discord.form_handlers import FormHandlers
from bot.platforms.discord.formatting import discord_formatting
from bot.platforms.discord.front import Care, DiscordFront
from bot.platforms.discord.gallery import Gallery
from bot.platforms.discord.greeting import Greeting
from bot.platforms.discord.inbox import DiscordInbox
from bot.platforms.discord.kept_forms import KeptForms
from bot.platforms.discord.mentions import Mentions
from bot.platforms.discord.menus import Menus
from bot.platforms.discord.people import People
from bot.platforms.discord.pictures import USUAL_FETCHING, Fetching
from bot.platforms.discord.replies import Replies
from bot.platforms.discord.routes import Routes
from bot.platforms.discord.settings import ServerSettings
from bot.platforms.discord.storyboard import StoryboardCommand
from bot.platforms.discord.submit import InteractionSubmission
from bot.platforms.discord.translation import Translation
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.parts import ChatParts
from config.sections import DiscordSettings
from generation.engine.protocol import Capabilities

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
    fetching: Fetching = USUAL_FETCHING,
) -> DiscordFront:
    """`follow` makes the narrator tell of a job; `clock` gives epoch seconds.

    `fetching` is how what people attached comes from Discord's servers.
    """

    def client() -> Client:
        return front.client

    def capabilities() -> Capabilities:
        return parts.submission.capabilities

    async def waiting() -> int:
        return (await parts.history.counts())["queued"]

    texts, admins = parts.texts, [int(admin) for admin in settings.admins]
    edits = Edits(parts.sends, parts.steady)
    people, replies = People(admins, parts.history), Replies(texts, edits)
    greeting = Greeting(texts)
    routes = Routes(client, texts, edits)
    transport = DiscordTransport(_shared(parts, follow, clock), routes, texts, edits)
    inbox = DiscordInbox(parts.inbox, parts.submission, transport, replies, client, fetching)
    house = _House(parts, people, replies, greeting, inbox, routes, transport)
    receivers = house.receivers(client, capabilities)
    note = parts.workspace.folder / "discord-commands"  # what was registered last

    def connection() -> Client:
        registered = lambda: house.commands(receivers, capabilities)  # noqa: E731
        return Client(receivers, registered, Translation(texts), note, shards=shards)

    care = Care(waiting, inbox.resume, capabilities)
    api_url = str(settings.api_url)
    front = DiscordFront(token, api_url, transport, connection, parts.deliveries, texts, care)
    return front


@dataclass(frozen=True, slots=True)
class _House:
    """What commands, buttons, forms and messages all need."""

    parts: ChatParts
    people: People
    replies: Replies
    greeting: Greeting
    inbox: DiscordInbox
    routes: Routes
    transport: DiscordTransport

    @property
    def gallery(self) -> Gallery:
        parts = self.parts
        return Gallery(
            parts.chat_commands,
            self.replies,
            self.people,
            self.routes,
            self.transport,
            parts.workspace.thumbnail,
        )

    def receivers(
        self, client: Callable[[], Client], capabilities: Callable[[], Capabilities]
    ) -> Receivers:
        parts, replies, people = self.parts, self.replies, self.people
        asked = parts.chat_commands
        submission = InteractionSubmission(
            parts.submission, replies, people, self.inbox, self.routes
        )
        kept = KeptForms(parts.references)
        storyboard = StoryboardCommand(submission, replies, capabilities, kept)
        forms = FormHandlers(
            asked, submission, replies, parts.references, capabilities, storyboard, kept
        )
        buttons = ButtonHandlers(
            asked, submission, replies, forms, people, self.transport, self.gallery
        )
        mentions = Mentions(
            asked, self.inbox, self.transport, replies, people, self.greeting, client
        )
        return Receivers(replies, buttons, forms, mentions, self.greeting, submission, storyboard)

    def commands(
        self, receivers: Receivers, capabilities: Callable[[], Capabilities]
    ) -> list[Registered]:
        """As they are true now."""
        replies, people, asked = self.replies, self.people, self.parts.chat_commands
        english = self.parts.texts.of(None)
        options = option_names(capabilities())
        formatting, greeting, gallery = discord_formatting(), self.greeting, self.gallery
        plain = Commands(asked, replies, people, formatting, greeting, options, gallery)
        settings = SettingsCommands(self.parts.submission.places, self.parts.texts)
        return [
            AnimateCommand(receivers.submission, replies, capabilities).command(english),
            receivers.storyboard.command(english),
            *plain.all(english),
            *Menus(replies, receivers.forms).all(english),
            Admin(asked, replies, people).group(english),
            ServerSettings(settings, replies, people).group(english),
        ]


def _shared(
    parts: ChatParts, follow: Callable[[str], None], clock: Callable[[], float]
) -> TransportParts:
    commands, texts, formatting = parts.chat_commands, parts.texts, discord_formatting()
    messages = Messages(
        commands.verbs, texts, lambda _: formatting, limit=MESSAGE - ROOM, previews=True
    )
    sender = Sender(parts.smaller, parts.links, texts)
    return TransportParts(
        view=commands.view,
        follow=follow,
        deliveries=parts.deliveries,
        clip_messages=parts.clip_messages,
        messages=messages,
        sender=sender,
        log_of=parts.submission.places.log_of,
        clock=clock,
    )
