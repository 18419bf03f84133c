"""What every chat platform is made of besides its own: its assembly takes from it what it needs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.commands import ChatCommands
from bot.delivery.links import Links
from bot.delivery.sending import Smaller
from bot.language.catalogue import Texts
from bot.submission.submit import Submission
from generation.store.clip_messages import ClipMessages
from generation.store.delivery import Deliveries
from generation.store.history import History
from generation.store.inbox import Inbox
from generation.store.intended_questions import IntendedQuestions
from generation.store.last_choices import LastChoices
from generation.store.message_references import MessageReferences
from generation.store.sends import Sends
from generation.store.sent_messages import SentMessages
from generation.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Steady:
    """Seconds that no change of the clock touches, and how they are waited for."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True)
class ChatParts:
    """`smaller` makes a copy of a clip in at most so many bytes."""

    chat_commands: ChatCommands
    submission: Submission
    deliveries: Deliveries
    clip_messages: ClipMessages
    history: History
    inbox: Inbox
    references: MessageReferences
    intended_questions: IntendedQuestions
    sends: Sends
    sent_messages: SentMessages
    last_choices: LastChoices
    workspace: Workspace
    smaller: Smaller
    links: Links
    texts: Texts
    steady: Steady = Steady()
    clock: Callable[[], float] = time.time
