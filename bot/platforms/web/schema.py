"""A job as the OpenAI Videos API shows it, with photoplay's own fields beside it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from bot.language.catalogue import Catalogue
from bot.language.reasons import failed, noted
from bot.submission.doubling import may_double
from bot.submission.remix import may_extend
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
from generation.jobs import AnimationRequest, Job, JobKind
from generation.lineage import Lineage, lineage_of
from generation.media.joining.film import Transition


class VideoError(BaseModel):
    code: str
    message: str
    suggested_size: str | None = Field(
        default=None, description="The same at this size should succeed, as a `remix`."
    )


Status = Literal["queued", "in_progress", "completed", "failed"]


class SceneObject(BaseModel):
    """A scene of a film: a video of its own id, which is in no list."""

    place: int
    id: str
    object: Literal["video"] = "video"
    status: Status
    progress: int
    prompt: str
    seconds: str
    error: VideoError | None
    goes_on: bool = Field(description="Whether it begins where the scene before it ends.")


class VideoObject(BaseModel):
    id: str
    object: Literal["video"] = "video"
    created_at: int
    completed_at: int | None
    expires_at: int | None
    status: Status
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
    draft: bool
    lineage: Lineage | None = Field(description="What was done to `remixed_from_video_id`.")
    notes: list[str]
    note_codes: list[str]
    favorite: bool
    extendable: bool = Field(description="Whether its length and size leave room for `extend`.")
    upscalable: bool = Field(description="The same for `upscale`.")
    transition: Transition | None = Field(description="Between a film's scenes; null of a clip.")
    variations: list[str] | None = Field(
        description="Ids of all that were asked for at once, its own among them; null of one alone."
    )
    scenes: list[SceneObject] | None = Field(
        description="Of a film, in their order; null of a clip."
    )


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
    clip = job.clip
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
        **_made(job),
        notes=noted(catalogue, job.notes),
        note_codes=[note.code for note in job.notes],
        favorite=job.favorite,
        transition=job.request.film.transition if job.request.film else None,
        extendable=clip is not None and may_extend(clip),
        upscalable=clip is not None and may_double(clip),
        variations=list(view.variations) or None,
        scenes=_scenes(view, catalogue) if job.kind is JobKind.FILM else None,
    )


def _scenes(film: View, catalogue: Catalogue) -> list[SceneObject]:
    return [
        SceneObject(
            place=place,
            id=scene.job.id,
            status=_status(scene),
            progress=progress_of(scene),
            prompt=scene.job.request.prompt,
            seconds=_seconds(scene.job.request.num_frames, scene.job.request.fps),
            error=_error(scene.event.outcome, catalogue)
            if isinstance(scene.event, Finished)
            else None,
            goes_on=scene.job.after is not None,
        )
        for place, scene in enumerate(film.scenes, start=1)
    ]


def _made(job: Job) -> dict[str, Any]:
    """How long a film became, of which only its scenes' lengths were known before."""
    if job.kind is not JobKind.FILM or job.clip is None:
        return _length(job.request.num_frames, job.request.fps)
    return _length(job.clip.frames, job.clip.fps)


def _length(frames: int, fps: int) -> dict[str, Any]:
    return {"seconds": _seconds(frames, fps), "num_frames": frames, "fps": fps}


def _seconds(frames: int, fps: int) -> str:
    return f"{frames / fps:.2f}".rstrip("0").rstrip(".")


def _asked(request: AnimationRequest) -> dict[str, Any]:
    return {
        "prompt": request.prompt,
        "size": f"{request.width}x{request.height}",
        "seed": request.seed,
        "motion": request.motion.value,
        "effect": request.effect.value,
        "negative_prompt": request.negative_prompt,
        "num_inference_steps": request.num_inference_steps,
        "guidance_scale": request.guidance_scale,
        "strength": request.strength,
        "motion_strength": request.motion_strength,
        "loop": request.loop,
        "boomerang": request.boomerang,
        "draft": request.draft is not None,
        "lineage": lineage_of(request),
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


def _status(view: View) -> Status:
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
