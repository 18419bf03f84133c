"""A finished clip with both sides doubled: which may be, and what is asked of the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.submission.intake import Intake
from bot.submission.options import NO_EXTRA_PICTURES, ExtraPictures, Options
from generation.engine.protocol import Capabilities
from generation.errors import Expired, UnsupportedOption
from generation.images.geometry import FRAME_STEP, MAX_FRAMES
from generation.jobs import AnimationRequest, Clip
from generation.workspace import Workspace

LARGEST = 8192 * 256
"""Pixels of a frame at H.264's level 4.1, which every telephone plays."""


def may_double(clip: Clip) -> bool:
    """Whether it stays within what is made and played with both sides doubled."""
    small = clip.width * clip.height * 4 <= LARGEST
    return small and clip.frames <= MAX_FRAMES and not _put_together(clip)


def _put_together(clip: Clip) -> bool:
    """Whether it has a number of frames that no model makes at once: a film's."""
    return (clip.frames - 1) % FRAME_STEP != 0


def check_doubles(known: Capabilities) -> None:
    """Raises `UnsupportedOption`."""
    if "upscales" not in known.options:
        raise UnsupportedOption("cannot_upscale", "upscale", engine=known.engine)


def check_doubled(clip: Clip) -> None:
    """Raises `UnsupportedOption`."""
    if clip.width * clip.height * 4 > LARGEST:
        raise too_large(clip)
    if clip.frames > MAX_FRAMES:
        raise UnsupportedOption("clip_too_long", "video", most=MAX_FRAMES // clip.fps)
    if _put_together(clip):
        raise UnsupportedOption("of_a_film", "video")


def too_large(clip: Clip) -> UnsupportedOption:
    return UnsupportedOption("clip_too_large", "video", size=f"{clip.width}x{clip.height}")


def same_as(clip: Clip, options: Options) -> Options:
    """Those options for a clip of this one's length and size."""
    size = f"{clip.width}x{clip.height}"
    plain = replace(options, draft=None)  # a draft's clip is doubled as it is
    return replace(plain, seconds=None, num_frames=clip.frames, fps=clip.fps, size=size)


async def doubled(
    intake: Intake,
    workspace: Workspace,
    clip: Clip,
    picture: Path | bytes,
    options: Options,
    extra: ExtraPictures = NO_EXTRA_PICTURES,
    *,
    owner: str = "",
) -> AnimationRequest:
    """Of a clip that lies at its path. Raises `Rejected` kinds; nothing is left behind then."""
    request = await intake.accept(picture, same_as(clip, options), extra, owner=owner)
    return replace(
        request,
        width=clip.width * 2,
        height=clip.height * 2,
        seed=clip.seed,
        upscales=copied(clip.path, workspace, request),
    )


def copied(clip: Path, workspace: Workspace, request: AnimationRequest) -> str:
    """A clip among the inputs of a request, none of which is left where that fails."""
    try:
        return workspace.duplicate(clip)
    except OSError:
        for name in request.inputs:
            workspace.input(name).unlink(missing_ok=True)
        raise Expired("clip") from None
