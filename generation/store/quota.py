"""What a requester may still ask for: counted from the jobs themselves, so refunds need no code."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
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

    async def usage(self, requester: Requester, limits: Limits, *, clips: int = 1) -> Usage:
        """`clips`: for how many together the limits are to be free."""
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
                "hour_back": max((limits.per_hour or 1) - clips, 0),
                "day_back": max((limits.per_day or 1) - clips, 0),
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
        self, requester: Requester, limits: Limits, *, ahead: int = 0, clips: int = 1
    ) -> Rejected | None:
        """Name the limit that stands in the way now; `None` if none does any more.

        `ahead` are requests that will be rows in a moment, if nothing is wrong with them; `clips`
        are as many as this one makes.
        """
        [state] = await self._database.rows(queue_state.WITH_WAITING)
        if state["mode"] == "draining":
            return QueueFull("draining")
        if state["waiting"] + clips > limits.queue_size:
            return QueueFull("line", waiting=state["waiting"])
        usage = await self.usage(requester, limits, clips=clips)
        active = usage.active + ahead
        if limits.queued_per_user is not None and active >= limits.queued_per_user:
            return QuotaExceeded("active", used=active, most=limits.queued_per_user)
        for window in _windows(limits, usage):
            refusal = self._refusal(window, ahead, clips)
            if refusal is not None:
                return refusal
        return None

    def _refusal(self, window: _LimitWindow, ahead: int, clips: int) -> Rejected | None:
        used, most = window.used, window.most
        wait = None
        if window.free_at is not None:
            wait = min(max(window.free_at - self._clock(), 1.0), window.seconds)
        if clips > 1 and used + clips > most:
            wait = wait if clips <= most else None
            left = max(most - used, 0)
            return QuotaExceeded(
                window.of_several, used=used, most=most, retry_after=wait, clips=clips, left=left
            )
        if used >= most and wait is not None:
            return QuotaExceeded(window.name, used=used, most=most, retry_after=wait)
        if used + ahead + clips > most:
            return QuotaExceeded("moment", used=used + ahead, most=most)
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may ask for and what of it is used."""

    limits: Limits
    usage: Usage


@dataclass(frozen=True, slots=True)
class _LimitWindow:
    name: Literal["hour", "day"]
    of_several: Literal["several_hour", "several_day"]
    seconds: float
    used: int
    most: int
    free_at: float | None


def _windows(limits: Limits, usage: Usage) -> Iterator[_LimitWindow]:
    """Those in which this requester is limited."""
    if limits.per_hour is not None:
        hour, free_at = usage.hour, usage.hour_free_at
        yield _LimitWindow("hour", "several_hour", HOUR, hour, limits.per_hour, free_at)
    if limits.per_day is not None:
        day, free_at = usage.day, usage.day_free_at
        yield _LimitWindow("day", "several_day", DAY, day, limits.per_day, free_at)


def _lower(limit: int | None, other: int | None) -> int | None:
    known = [one for one in (limit, other) if one is not None]
    return min(known) if known else None


def _free(row: Row, column: str, limit: int | None, window: float) -> float | None:
    """When the oldest clip that still blocks the next one leaves the window."""
    return row[column] + window if limit is not None and row[column] is not None else None
