"""Between rows and the vocabulary: the only place that knows how a job is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import structlog
from pydantic import ValidationError

from generation.adapter import Adapter
from generation.facts import Fact, Facts
from generation.jobs import (
    UNREADABLE,
    AnimationRequest,
    Clip,
    Delivery,
    Job,
    JobKind,
    JobStatus,
    ReplyAddress,
    Requester,
)
from generation.notes import Note
from generation.store.database import Row

log = structlog.get_logger(__name__)

T = TypeVar("T")

REQUEST: Adapter[AnimationRequest] = Adapter(AnimationRequest)
CLIP: Adapter[Clip] = Adapter(Clip)
NOTES: Adapter[tuple[Note, ...]] = Adapter(tuple[Note, ...])
FACTS: Adapter[Facts] = Adapter(dict[str, Fact])


def job_of(row: Row, folder: Path) -> Job:
    """Read a whole `jobs` row; its files are in the data folder `folder`, wherever that is now."""
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
        request=request_of(row),
        clip=clip_of(row["clip"], folder) if row["clip"] is not None else None,
        error_code=row["error_code"],
        error_reason=row["error_reason"],
        error_facts=_read(FACTS, row["error_facts"], {}),
        notes=_read(NOTES, row["notes"], ()),
        delivery=Delivery(row["delivery"]),
        address=ReplyAddress(row["address"]) if row["address"] is not None else None,
        message=row["message"],
        favorite=bool(row["favorite"]),
        file=row["file"],
        announced=bool(row["announced"]),
        made_on=row["made_on"],
        far_id=row["far_id"],
        kind=JobKind(row["kind"]),
        after=row["after"],
    )


def request_of(row: Row) -> AnimationRequest:
    """One row that cannot be read may not keep all others from being read."""
    return _read(REQUEST, row["request"], UNREADABLE)


def clip_row(clip: Clip, folder: Path) -> str:
    """How a clip is written down: where it lies within the data folder, which may be moved."""
    path = clip.path.relative_to(folder) if clip.path.is_relative_to(folder) else clip.path
    return CLIP.dump_json(replace(clip, path=path)).decode()


def clip_of(stored: str, folder: Path) -> Clip:
    clip = CLIP.validate_json(stored)
    return replace(clip, path=_found(clip.path, folder))


def _found(path: Path, folder: Path) -> Path:
    """Rows from before 0.2 have the whole path, from where the folder may have been moved."""
    if path.is_absolute() and not path.exists():
        return folder.joinpath(*path.parts[-2:])
    return folder / path


def _read(kind: Adapter[T], stored: str, otherwise: T) -> T:
    try:
        return kind.validate_json(stored)
    except ValidationError as error:
        log.error("row_unreadable", problems=error.error_count())
        return otherwise


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
