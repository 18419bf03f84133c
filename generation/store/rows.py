"""Between rows and the vocabulary: the only place that knows how a job is written down."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import TypeAdapter

from generation.facts import Fact
from generation.jobs import (
    AnimationRequest,
    Clip,
    Delivery,
    Job,
    JobStatus,
    ReplyAddress,
    Requester,
)
from generation.notes import Note
from generation.store.database import Row

REQUEST = TypeAdapter(AnimationRequest)
CLIP = TypeAdapter(Clip)
NOTES = TypeAdapter(tuple[Note, ...])
FACTS = TypeAdapter(dict[str, Fact])


def job_of(row: Row) -> Job:
    """Read a whole `jobs` row."""
    return Job(
        id=row["id"],
        requester=Requester(row["platform"], row["user"]),
        status=JobStatus(row["status"]),
        turn=row["turn"],
        attempt=row["attempt"],
        crashes=row["crashes"],
        created_at=_moment(row["created_at"]),
        started_at=_moment(row["started_at"]) if row["started_at"] is not None else None,
        finished_at=_moment(row["finished_at"]) if row["finished_at"] is not None else None,
        engine=row["engine"],
        request=REQUEST.validate_json(row["request"]),
        clip=CLIP.validate_json(row["clip"]) if row["clip"] is not None else None,
        error_code=row["error_code"],
        error_reason=row["error_reason"],
        error_facts=FACTS.validate_json(row["error_facts"]),
        notes=NOTES.validate_json(row["notes"]),
        delivery=Delivery(row["delivery"]),
        address=ReplyAddress(row["address"]) if row["address"] is not None else None,
        message=row["message"],
        favorite=bool(row["favorite"]),
    )


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
