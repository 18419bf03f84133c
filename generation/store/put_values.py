"""What the statements are given that put a job into the queue, be it a clip, a scene or a film."""

from __future__ import annotations

import secrets
from base64 import b32encode
from dataclasses import dataclass

from generation.jobs import AnimationRequest, Delivery, JobKind, ReplyAddress, Requester
from generation.store import origin
from generation.store.claims import FOR_ALL, Lane, as_json
from generation.store.quota import DAY, HOUR, SLACK, Limits
from generation.store.rows import NOTES, REQUEST


@dataclass(frozen=True, slots=True)
class Put:
    """Where the row went; `repeated` if this request key had been accepted before.

    `others` are variations that went there with it.
    """

    job_id: str
    turn: int
    seq: int
    repeated: bool = False
    others: tuple[str, ...] = ()


def row_of(
    request: AnimationRequest,
    requester: Requester,
    lane: Lane = FOR_ALL,
    *,
    kind: JobKind = JobKind.CLIP,
    after: str | None = None,
) -> dict[str, object]:
    """The row itself, of which nobody is told."""
    variation = request.variation
    return {
        "id": new_job_id(),
        "platform": requester.platform,
        "user": requester.user,
        "engine": lane.engine,
        "needs": as_json(lane.needs),
        "lane": as_json(lane.unable),
        "cost": request.cost,
        "request": REQUEST.dump_json(request).decode(),
        "notes": NOTES.dump_json(request.notes).decode(),
        "kind": kind,
        "after": after,
        "asked_with": (variation.first or None) if variation else None,
        "key": None,
        "digest": None,
        "address": None,
        "delivery": Delivery.NONE,
    }


def told_of(key: str | None, digest: str | None, address: ReplyAddress | None) -> dict[str, object]:
    """By what it is known again, and where its outcome goes."""
    delivery = Delivery.NONE if address is None else Delivery.PENDING
    return {"key": key, "digest": digest, "address": address, "delivery": delivery}


def limits_of(limits: Limits, pseudonym: str, now: float, *, clips: int = 1) -> dict[str, object]:
    """What stands in its way; `clips` are as many as it makes."""
    return {
        "pseudonym": pseudonym,
        "clips": clips,
        "queued_per_user": limits.queued_per_user,
        "per_hour": limits.per_hour,
        "per_day": limits.per_day,
        "queue_size": limits.queue_size,
        "now": now,
        "hour": now - HOUR,
        "day": now - DAY,
        "soon": now + SLACK,
        **origin.values(),
    }


def new_job_id() -> str:
    """`video_` and 18 base32 characters: 90 random bits, unguessable."""
    return f"video_{b32encode(secrets.token_bytes(12)).decode().lower():.18}"
