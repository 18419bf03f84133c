"""A job as the OpenAI Videos API shows it, with photoplay's own fields beside it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from bot.language.catalogue import Catalogue
from bot.language.reasons import failed, noted
from generation.dispatch.service import View
from generation.events import (
    Cancelled,
    Failed,
    Finished,
    Outcome,
    PhaseName,
    Running,
    Succeeded,
    Waiting,
)


class VideoError(BaseModel):
    code: str
    message: str


class VideoObject(BaseModel):
    id: str
    object: Literal["video"] = "video"
    created_at: int
    completed_at: int | None
    expires_at: int | None
    status: Literal["queued", "in_progress", "completed", "failed"]
    progress: int
    prompt: str
    model: str
    seconds: str
    size: str
    error: VideoError | None
    remixed_from_video_id: str | None
    queue_position: int | None
    eta_seconds: float | None
    seed: int
    num_frames: int
    fps: int
    motion: str
    effect: str
    notes: list[str]
    note_codes: list[str]
    favorite: bool


class VideoList(BaseModel):
    object: Literal["list"] = "list"
    data: list[VideoObject]
    first_id: str | None
    last_id: str | None
    has_more: bool


class Deleted(BaseModel):
    id: str
    object: Literal["video.deleted"] = "video.deleted"
    deleted: bool = True


def video_object(view: View, catalogue: Catalogue, *, keep_clips: float) -> VideoObject:
    """Its sentences by the catalogue. `keep_clips`: seconds from completion until the files go."""
    job, event = view.job, view.event
    done = job.finished_at if isinstance(event, Finished) else None
    succeeded = isinstance(event, Finished) and isinstance(event.outcome, Succeeded)
    return VideoObject(
        id=job.id,
        created_at=int(job.created_at.timestamp()),
        completed_at=int(done.timestamp()) if done else None,
        expires_at=int(done.timestamp() + keep_clips) if done and succeeded else None,
        status=_status(view),
        progress=progress_of(view),
        prompt=job.request.prompt,
        model=job.engine,
        seconds=f"{job.request.seconds:.2f}".rstrip("0").rstrip("."),
        size=f"{job.request.width}x{job.request.height}",
        error=_error(event.outcome, catalogue) if isinstance(event, Finished) else None,
        remixed_from_video_id=job.request.remixed_from,
        queue_position=event.position if isinstance(event, Waiting) else None,
        eta_seconds=_rounded(None if isinstance(event, Finished) else event.eta_seconds),
        seed=job.request.seed,
        num_frames=job.request.num_frames,
        fps=job.request.fps,
        motion=job.request.motion.value,
        effect=job.request.effect.value,
        notes=noted(catalogue, job.notes),
        note_codes=[note.code for note in job.notes],
        favorite=job.favorite,
    )


def progress_of(view: View) -> int:
    """Percent; 99 stands for all steps done while the clip is written."""
    match view.event:
        case Waiting():
            return 0
        case Running(phase=phase, step=step, steps=steps):
            if phase is PhaseName.ENCODE:
                return 99
            return min(99, int(100 * step / steps)) if steps else 0
        case Finished(Succeeded()):
            return 100
        case Finished():
            return 0


def _status(view: View) -> Literal["queued", "in_progress", "completed", "failed"]:
    match view.event:
        case Waiting():
            return "queued"
        case Running():
            return "in_progress"
        case Finished(Succeeded()):
            return "completed"
        case Finished():
            return "failed"


def _error(outcome: Outcome, catalogue: Catalogue) -> VideoError | None:
    match outcome:
        case Succeeded():
            return None
        case Failed():
            return VideoError(code=outcome.code, message=failed(catalogue, outcome))
        case Cancelled():
            return VideoError(code="cancelled", message=catalogue.say("web.cancelled"))


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
