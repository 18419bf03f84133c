"""What every chat's transport is made of, whichever platform it is for."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.delivery.clip_log import LogOf
from bot.delivery.messages import Messages
from bot.delivery.sending import Sender
from generation.dispatch.views import View
from generation.events import Running, Waiting
from generation.store.clip_messages import ClipMessages
from generation.store.delivery import Deliveries


@dataclass(frozen=True, slots=True)
class StatusShown:
    """What a status message says, and since which epoch second."""

    event: Waiting | Running
    since: float


@dataclass(frozen=True, slots=True)
class TransportParts:
    """`view` finds a job, `follow` makes the narrator keep its status message current."""

    view: Callable[[str], Awaitable[View]]
    follow: Callable[[str], None]
    deliveries: Deliveries
    clip_messages: ClipMessages
    messages: Messages
    sender: Sender
    log_of: LogOf
    clock: Callable[[], float] = time.time
