"""The parts of the Telegram front, put together from what all chats share."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from functools import cache

import httpx
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.chat.settings import SettingsCommands
from bot.delivery.messages import Messages
from bot.delivery.sending import Sender
from bot.delivery.transport_parts import TransportParts
from bot.language.wording import CAPTION
from bot.platforms.parts import ChatParts
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.bot_api import BotApi
from bot.platforms.telegram.button_handlers import ButtonHandlers
from bot.platforms.telegram.commands import Commands
from bot.platforms.telegram.confirmations import Confirmations
from bot.platforms.telegram.earlier_clips import EarlierClips
from bot.platforms.telegram.edits import Edits
from bot.platforms.telegram.formatting import telegram_formatting
from bot.platforms.telegram.front import App, TelegramFront
from bot.platforms.telegram.hearing import Report
from bot.platforms.telegram.inbox import TelegramInbox
from bot.platforms.telegram.introduction import Introduction
from bot.platforms.telegram.outgoing import Outgoing
from bot.platforms.telegram.own_messages import OwnMessages
from bot.platforms.telegram.people import People
from bot.platforms.telegram.questions import Questions
from bot.platforms.telegram.references import Resolver
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.router import Router
from bot.platforms.telegram.settings import GroupSettings
from bot.platforms.telegram.storyboards import Storyboards
from bot.platforms.telegram.submit import MessageSubmission
from bot.platforms.telegram.transport import TelegramTransport
from bot.platforms.telegram.webhook import Webhook
from bot.platforms.telegram.writer import ChatWriter
from config.sections import TelegramSettings
from generation.errors import Misconfigured

CLOUD = "https://api.telegram.org"
"""Telegram's own server; any other is the operator's, which takes larger files."""

ROOM = 200
"""Characters left for what a route adds: why it comes directly, that it is too large."""

WEBHOOK_NEEDS = (
    "telegram.webhook_url is set, so telegram.webhook_secret and telegram.webhook_port are needed: "
    "the first proves that Telegram calls, the second says where that arrives."
)

REPLY, UPLOAD = 30.0, 600.0
"""Seconds for a reply of the server, and for 50 MB on a slow line: PTB would give up after 20."""


def unheard(_: str | None) -> None:
    """For who has nobody to tell."""


async def silent() -> None:
    """For a bot whose owner told @BotFather what it says of itself."""


def telegram_front(
    token: str,
    settings: TelegramSettings,
    parts: ChatParts,
    *,
    follow: Callable[[str], None],
    webhook: Webhook | None = None,
    local: bool | None = None,
    report: Report = unheard,
) -> TelegramFront:
    """`follow` makes the narrator tell of a job; `report` is told why nothing is heard.

    `local`: the Bot API server is the operator's own, which takes and gives larger files.
    """
    chat_commands, texts = parts.chat_commands, parts.texts
    api_url = str(settings.api_url).rstrip("/")
    local = api_url != CLOUD if local is None else local
    app = application(token, api_url, local=local)
    admins = [int(admin) for admin in settings.admins]
    people = People(admins)
    steady = parts.steady
    outgoing = Outgoing(parts.sends, clock=steady.clock, sleep=steady.sleep)
    own_messages = OwnMessages(parts.sent_messages, parts.clip_messages, lambda: app.bot)
    answers = Answers(parts.inbox)
    replies = Replies(texts, lambda: app.bot, outgoing, answers, own_messages)
    writer = ChatWriter(lambda: app.bot, outgoing, texts, own_messages)
    transport = _transport(parts, follow, writer, outgoing, local=local)
    resolver = Resolver(parts.references, parts.intended_questions, parts.submission.places)
    submission = MessageSubmission(parts.submission, replies, transport, local=local)
    confirmations = Confirmations(chat_commands, replies, own_messages)
    router = _router(parts, submission, replies, people, transport, resolver, confirmations)
    inbox = TelegramInbox(
        parts.inbox, answers, resolver, router.handle, router.give_up, lambda: app.bot
    )
    introduction = Introduction(lambda: app.bot, texts, admins, parts.links.page)
    introduced = introduction.give if settings.introduce else silent
    api = BotApi(token, api_url)
    return TelegramFront(app, api, transport, inbox, introduced, webhook, report)


def _router(
    parts: ChatParts,
    submission: MessageSubmission,
    replies: Replies,
    people: People,
    transport: TelegramTransport,
    resolver: Resolver,
    confirmations: Confirmations,
) -> Router:
    """Whatever an update means for us."""
    chat_commands = parts.chat_commands
    earlier_clips = EarlierClips(chat_commands, replies, transport)
    settings_commands = SettingsCommands(parts.submission.places, parts.texts)
    settings = GroupSettings(settings_commands, replies, people)
    commands = Commands(chat_commands, replies, confirmations, earlier_clips, settings)
    edits = Edits(chat_commands, submission, replies, resolver)
    questions = Questions(submission, replies, resolver, parts.last_choices, edits, people)
    handlers = ButtonHandlers(
        chat_commands, submission, replies, people, transport, commands, questions
    )
    boards = Storyboards(submission, replies, resolver)
    return Router(commands, handlers, questions, replies, people, resolver, boards)


def _transport(
    parts: ChatParts,
    follow: Callable[[str], None],
    writer: ChatWriter,
    outgoing: Outgoing,
    *,
    local: bool,
) -> TelegramTransport:
    commands, texts = parts.chat_commands, parts.texts
    messages = Messages(
        commands.verbs, texts, telegram_formatting, limit=CAPTION - ROOM, previews=True
    )
    shared = TransportParts(
        view=commands.view,
        follow=follow,
        deliveries=parts.deliveries,
        clip_messages=parts.clip_messages,
        messages=messages,
        sender=Sender(parts.smaller, parts.links, texts),
        log_of=parts.submission.places.log_of,
        clock=parts.clock,
    )
    thumbnail = parts.workspace.thumbnail
    return TelegramTransport(shared, writer, outgoing, texts, thumbnail, local=local)


def webhook_of(settings: TelegramSettings, host: str) -> Webhook | None:
    """`host` is where the program listens; raises `Misconfigured`."""
    if settings.webhook_url is None:
        return None
    if settings.webhook_secret is None or settings.webhook_port is None:
        raise Misconfigured(WEBHOOK_NEEDS)
    secret = settings.webhook_secret.get_secret_value()
    return Webhook(str(settings.webhook_url), secret, host, settings.webhook_port)


def application(token: str, api_url: str, *, local: bool) -> App:
    """PTB's half: connections. How often is written is our own gate's, who hears our own loop's."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # or every RetryAfter warns that it will change
    return (
        Application.builder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .local_mode(local)
        .updater(None)
        .request(_connections(64))
        .get_updates_request(_connections(1))
        .build()
    )


def _connections(most: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=most,
        connect_timeout=10.0,
        pool_timeout=REPLY,
        read_timeout=REPLY,
        write_timeout=REPLY,
        media_write_timeout=UPLOAD,
        httpx_kwargs={"verify": _trust()},
    )


@cache
def _trust() -> ssl.SSLContext:
    """As httpx makes it for each of its clients: to read the authorities takes a while."""
    return httpx.create_ssl_context()
