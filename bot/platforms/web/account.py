"""What callers may know of themselves: who they are here, and what is left of their limits."""

from __future__ import annotations

import math
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from bot.platforms.web.identity import Identity
from bot.platforms.web.openapi import errors
from bot.platforms.web.webhooks import Webhooks
from bot.submission.submit import Submission
from generation.store.history import History
from generation.store.quota import Usage


class Counts(BaseModel):
    """By limit; null is none."""

    queued_per_user: int | None
    per_hour: int | None
    per_day: int | None


class Me(BaseModel):
    object: Literal["me"] = "me"
    name: str
    signed_in: bool = Field(description="Whether a key was needed, so that one can sign out.")
    videos: int = Field(description="How many there are of the caller's.")
    limits: Counts
    used: Counts
    left: Counts
    next_at: int | None = Field(
        description="Epoch second from which the hour and the day allow another; null: now."
    )
    webhook_secret: str | None = Field(
        description="What the caller's webhooks are signed with; null where there are none."
    )


class Account:
    def __init__(
        self,
        history: History,
        submission: Submission,
        identity: Identity,
        webhooks: Webhooks,
    ) -> None:
        self._history = history
        self._webhooks = webhooks
        self._submission = submission
        self._identity = identity

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1", tags=["account"], responses=errors(401, 405))
        router.add_api_route("/me", self.me, methods=["GET"])
        return router

    async def me(self, request: Request) -> Me:
        """Who is asking, their limits, and what is left of them."""
        caller = self._identity.caller(request)
        standing = await self._submission.standing(caller)
        limits, usage = standing.limits, standing.usage
        left = Counts(
            queued_per_user=_left(limits.queued_per_user, usage.active),
            per_hour=_left(limits.per_hour, usage.hour),
            per_day=_left(limits.per_day, usage.day),
        )
        return Me(
            name=caller.requester.user,
            signed_in=self._identity.keys_needed,
            videos=await self._history.count_of(caller.requester),
            limits=Counts(
                queued_per_user=limits.queued_per_user,
                per_hour=limits.per_hour,
                per_day=limits.per_day,
            ),
            used=Counts(queued_per_user=usage.active, per_hour=usage.hour, per_day=usage.day),
            left=left,
            next_at=_next_at(left, usage),
            webhook_secret=self._webhooks.secret_of(caller.requester),
        )


def _next_at(left: Counts, usage: Usage) -> int | None:
    windows = ((left.per_hour, usage.hour_free_at), (left.per_day, usage.day_free_at))
    waits = [free_at for most, free_at in windows if most == 0 and free_at is not None]
    return math.ceil(max(waits)) if waits else None


def _left(most: int | None, used: int) -> int | None:
    return None if most is None else max(most - used, 0)
