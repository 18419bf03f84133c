"""What a requester may still ask for: counted from the jobs themselves, so refunds need no code."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from generation.errors import QueueFull, QuotaExceeded, Rejected
from generation.jobs import Requester
from generation.store.database import Database, Row
from generation.store.pseudonym import Pseudonyms
from generation.store.statements import jobs, queue_state

HOUR, DAY = 3600.0, 86400.0

SLACK = 60.0
"""Seconds by which a row may be ahead of us: what clocks differ by. What is further ahead was
written under a clock that turned out wrong, and counts for nothing."""


@dataclass(frozen=True, slots=True)
class PersonalLimits:
    """What somebody may have where others run the place; `None` is as everywhere."""

    queued_per_user: int | None = None
    per_hour: int | None = None
    per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Exempt:
    """Whom the operator limits in nothing but the queue's own size."""


Allowance = PersonalLimits | Exempt

AS_EVERYBODY = PersonalLimits()


@dataclass(frozen=True, slots=True)
class Limits:
    """`None` is no limit: what an exempt requester has."""

    queued_per_user: int | None
    per_hour: int | None
    per_day: int | None
    queue_size: int

    def for_(self, allowance: Allowance) -> Limits:
        """Those of one person; no place gives anybody more than the operator does."""
        match allowance:
            case Exempt():
                return Limits(None, None, None, self.queue_size)
            case PersonalLimits(queued, hour, day):
                return Limits(
                    _lower(self.queued_per_user, queued),
                    _lower(self.per_hour, hour),
                    _lower(self.per_day, day),
                    self.queue_size,
                )


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of the limits is used; `hour_free_at` and `day_free_at` are epoch seconds."""

    active: int
    hour: int
    day: int
    hour_free_at: float | None
    day_free_at: float | None


class Quota:
    """Read-only: the limits are enforced by the statement in `JobQueue.put`."""

    def __init__(
        self,
        database: Database,
        *,
        pseudonyms: Pseudonyms,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._pseudonyms = pseudonyms
        self._clock = clock

    async def usage(self, requester: Requester, limits: Limits) -> Usage:
        now = self._clock()
        [row] = await self._database.rows(
            jobs.USAGE,
            {
                "platform": requester.platform,
                "user": requester.user,
                "pseudonym": self._pseudonyms.of(requester),
                "hour": now - HOUR,
                "day": now - DAY,
                "soon": now + SLACK,
                "hour_back": max((limits.per_hour or 1) - 1, 0),
                "day_back": max((limits.per_day or 1) - 1, 0),
            },
        )
        return Usage(
            active=row["active"],
            hour=row["hour_count"],
            day=row["day_count"],
            hour_free_at=_free(row, "hour_oldest", limits.per_hour, HOUR),
            day_free_at=_free(row, "day_oldest", limits.per_day, DAY),
        )

    async def why_refused(
        self, requester: Requester, limits: Limits, *, ahead: int = 0
    ) -> Rejected | None:
        """Name the limit that stands in the way now; `None` if none does any more.

        `ahead` are requests that will be rows in a moment, if nothing is wrong with them.
        """
        [state] = await self._database.rows(queue_state.WITH_WAITING)
        if state["mode"] == "draining":
            return QueueFull("draining")
        if state["waiting"] >= limits.queue_size:
            return QueueFull("line", waiting=state["waiting"])
        usage = await self.usage(requester, limits)
        active = usage.active + ahead
        if limits.queued_per_user is not None and active >= limits.queued_per_user:
            return QuotaExceeded("active", used=active, most=limits.queued_per_user)
        windows: tuple[tuple[Literal["hour", "day"], int, int | None, float | None], ...] = (
            ("hour", usage.hour, limits.per_hour, usage.hour_free_at),
            ("day", usage.day, limits.per_day, usage.day_free_at),
        )
        for window, used, most, free_at in windows:
            if most is not None and used >= most and free_at is not None:
                longest = HOUR if window == "hour" else DAY
                wait = min(max(free_at - self._clock(), 1.0), longest)
                return QuotaExceeded(window, used=used, most=most, retry_after=wait)
            if most is not None and used + ahead >= most:
                return QuotaExceeded("moment", used=used + ahead, most=most)
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may ask for and what of it is used."""

    limits: Limits
    usage: Usage


def _lower(limit: int | None, other: int | None) -> int | None:
    known = [one for one in (limit, other) if one is not None]
    return min(known) if known else None


def _free(row: Row, column: str, limit: int | None, window: float) -> float | None:
    """When the oldest clip that still blocks the next one leaves the window."""
    return row[column] + window if limit is not None and row[column] is not None else None
