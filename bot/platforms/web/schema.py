"""A job as the OpenAI Videos API shows it, with photoplay's own fields beside it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from bot.language.catalogue import Catalogue
from bot.language.reasons import failed, noted
from generation.dispatch.views import View
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
from generation.jobs import AnimationRequest


class VideoError(BaseModel):
    code: str
    message: str
    suggested_size: str | None = Field(
        default=None, description="The same at this size should succeed, as a `remix`."
    )


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
    negative_prompt: str
    num_inference_steps: int | None
    guidance_scale: float | None
    strength: float | None
    motion_strength: int | None
    loop: bool
    boomerang: bool
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
        model=job.engine,
        error=_error(event.outcome, catalogue) if isinstance(event, Finished) else None,
        remixed_from_video_id=job.request.remixed_from,
        queue_position=event.position if isinstance(event, Waiting) else None,
        eta_seconds=_rounded(None if isinstance(event, Finished) else event.eta_seconds),
        **_asked(job.request),
        notes=noted(catalogue, job.notes),
        note_codes=[note.code for note in job.notes],
        favorite=job.favorite,
    )


def _asked(request: AnimationRequest) -> dict[str, Any]:
    return {
        "prompt": request.prompt,
        "seconds": f"{request.seconds:.2f}".rstrip("0").rstrip("."),
        "size": f"{request.width}x{request.height}",
        "seed": request.seed,
        "num_frames": request.num_frames,
        "fps": request.fps,
        "motion": request.motion.value,
        "effect": request.effect.value,
        "negative_prompt": request.negative_prompt,
        "num_inference_steps": request.num_inference_steps,
        "guidance_scale": request.guidance_scale,
        "strength": request.strength,
        "motion_strength": request.motion_strength,
        "loop": request.loop,
        "boomerang": request.boomerang,
    }


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
            size = outcome.facts.get("nearest") if outcome.reason == "size" else None
            return VideoError(
                code=outcome.code,
                message=failed(catalogue, outcome),
                suggested_size=None if size is None else str(size),
            )
        case Cancelled():
            return VideoError(code="cancelled", message=catalogue.say("web.cancelled"))


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
