"""How a story begins in a chat: the status message is posted, remembered, and then kept current."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.chat.commands import ChatCommands
from bot.delivery.sending import Sending, Sent
from generation.events import Finished, Running, Waiting
from generation.jobs import Job, Ticket
from generation.store.delivery import Deliveries

log = structlog.get_logger(__name__)

Posting = Callable[[Job, Waiting | Running], Awaitable[Sending]]
"""Posts the status message of a job as it stands."""


class Opening:
    """`follow` makes the narrator tell a job's story."""

    def __init__(
        self, desk: ChatCommands, deliveries: Deliveries, follow: Callable[[str], None]
    ) -> None:
        self._desk = desk
        self._deliveries = deliveries
        self._follow = follow

    async def begin(self, ticket: Ticket, post: Posting) -> None:
        """Once for a request, however often it came; without a message the clip still comes."""
        if ticket.repeated:
            return
        view = await self._desk.view(ticket.job_id)
        if not isinstance(view.event, Finished):
            sending = await post(view.job, view.event)
            if isinstance(sending, Sent):
                await self._deliveries.attach(ticket.job_id, str(sending.message))
            else:
                log.warning("no_status_message", job=ticket.job_id, trouble=str(sending))
        self._follow(ticket.job_id)
