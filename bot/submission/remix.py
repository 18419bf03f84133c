"""Once more from what was there: the same picture with other options, or on from a clip's end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from bot.submission.digests import Remake
from bot.submission.doubling import (
    check_doubled,
    check_doubles,
    copied,
    doubled,
    same_as,
    too_large,
)
from bot.submission.intake import Intake
from bot.submission.options import ExtraPictures, KeyframePicture, Options, motion_degree
from generation.dispatch.offering import Offering
from generation.engine.protocol import Capabilities
from generation.errors import Expired, GenerationFailed, UnsupportedOption
from generation.images.geometry import (
    FRAME_STEP,
    MAX_FRAMES,
    MAX_SIDE,
    OVERLAP,
    forth_of,
    frames_for,
)
from generation.jobs import AnimationRequest, Clip, Job, JobStatus, Keyframe
from generation.lineage import GOES_ON, is_in_full
from generation.notes import duration
from generation.workspace import Workspace

LONGEST = 1441
"""Frames an extended clip may have: a minute at 24 a second."""

UNFINISHED = frozenset({JobStatus.QUEUED, JobStatus.RUNNING})


def may_extend(clip: Clip) -> bool:
    """Whether there is a longer one, of a size that can be made from the beginning."""
    return clip.frames < LONGEST and max(clip.width, clip.height) <= MAX_SIDE


def options_of(request: AnimationRequest, known: Capabilities) -> Options:
    """What was asked then, less what the engine of today does not have; the seed is left open."""

    def kept(name: str) -> bool:
        return name in known.options

    full = request.draft or request
    frames = min(request.num_frames, MAX_FRAMES)
    if request.film or request.extends:  # put together, they have any number of them
        frames -= (frames - 1) % FRAME_STEP

    return Options(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt if kept("negative_prompt") else None,
        motion=request.motion,
        effect=request.effect,
        num_frames=frames,
        fps=request.fps,
        size=f"{full.width}x{full.height}",
        num_inference_steps=full.num_inference_steps if kept("num_inference_steps") else None,
        guidance_scale=request.guidance_scale if kept("guidance_scale") else None,
        strength=request.strength if kept("strength") else None,
        motion_strength=request.motion_strength if kept("motion_strength") else None,
        loop=request.loop and kept("loop"),
        boomerang=request.boomerang and kept("boomerang"),
        enhance=request.enhance,
        model=request.model if request.model == known.model else None,
        draft=True if request.draft else None,
    )


class Remix:
    """Requests made of earlier ones; every one is checked and counted like a new request."""

    def __init__(self, intake: Intake, workspace: Workspace, offered: Offering) -> None:
        self._intake = intake
        self._workspace = workspace
        self._offered = offered

    def options(self, job: Job) -> Options:
        """What to start from when somebody changes a wish."""
        return options_of(job.request, self._offered.capabilities)

    async def made(
        self, job: Job, remake: Remake, options: Options, *, owner: str, clip: Path | None
    ) -> AnimationRequest:
        """What is made of a job; `clip` is its own as it was found elsewhere.

        Raises `Rejected` kinds.
        """
        match remake:
            case Remake.REMIX:
                return await self.again(job, options, owner=owner, clip=clip)
            case Remake.EXTEND:
                return await self.extended(job, options, owner=owner, found=clip)
            case Remake.LOOP:
                loop = replace(options, loop=True, boomerang=False, seed=job.request.seed)
                return await self.again(job, loop, owner=owner, clip=clip)
            case Remake.BOOMERANG:
                returning = replace(options, loop=False, boomerang=True, seed=job.request.seed)
                return await self.again(job, returning, owner=owner, clip=clip)
            case Remake.MORE_MOTION | Remake.LESS_MOTION:
                step = 1 if remake is Remake.MORE_MOTION else -1
                degree = motion_degree(options.motion_strength) + step
                moved = replace(options, motion_strength=degree, seed=job.request.seed)
                return await self.again(job, moved, owner=owner, clip=clip)
            case Remake.UPSCALE:
                return await self.upscaled(job, options, owner=owner)
            case Remake.FULL:
                full = replace(options, draft=False, seed=job.request.seed)
                return await self.again(job, full, owner=owner, clip=clip)
            case Remake.SCENE:
                raise UnsupportedOption("of_a_film", "video")

    async def again(
        self, job: Job, options: Options, *, owner: str, clip: Path | None = None
    ) -> AnimationRequest:
        """The same pictures with these options; `clip` is the job's as it was found elsewhere.

        Raises `Rejected` kinds.
        """
        picture = await self._picture(job, clip)
        if job.request.draft and not options.draft and options.seed is None:
            options = replace(options, seed=job.request.seed)  # in full, it is the same clip
        request = await self._intake.accept(
            picture, options, self._extra(job, options), owner=owner
        )
        if self._goes_on(job, options):
            earlier = self._workspace.duplicate(self._workspace.input(str(job.request.extends)))
            whole, notes = job.request.num_frames, job.request.notes
            request = replace(request, extends=earlier, num_frames=whole, notes=notes)
        in_full = is_in_full(request, job.request)
        return replace(request, remixed_from=job.id, in_full=in_full)

    async def extended(
        self, job: Job, options: Options, *, owner: str, found: Path | None = None
    ) -> AnimationRequest:
        """The whole clip with a continuation; the options' length is that of the new part.

        Of a clip that was only `found` elsewhere, which may be a smaller copy, it is the
        continuation alone. Raises `Rejected` kinds.
        """
        known = self._offered.capabilities
        if "extends" not in known.options:
            raise UnsupportedOption("cannot_extend", "video", engine=known.engine)
        clip = job.clip
        if clip is not None and max(clip.width, clip.height) > MAX_SIDE:
            raise too_large(clip)
        if clip is None or not self._workspace.clip(job.id).exists():
            return await self._continued(job, options, found, owner=owner)
        length = self._new_frames(options, clip.fps)
        whole = clip.frames + length - 1
        if whole > LONGEST:
            seconds = round(LONGEST / clip.fps)
            raise UnsupportedOption("clip_too_long", "seconds", most=seconds)
        size = f"{clip.width}x{clip.height}"
        plain = replace(_onward(options), seconds=None, num_frames=length, fps=clip.fps, size=size)
        request = await self._intake.accept(await self._picture(job), plain, owner=owner)
        earlier = copied(self._workspace.clip(job.id), self._workspace, request)
        notes = (duration(whole, clip.fps),)
        return replace(request, extends=earlier, num_frames=whole, notes=notes, remixed_from=job.id)

    async def upscaled(self, job: Job, options: Options, *, owner: str) -> AnimationRequest:
        """The same clip with both sides doubled; raises `Rejected` kinds."""
        check_doubles(self._offered.capabilities)
        path = self._workspace.clip(job.id)
        if job.clip is None or not path.exists():
            raise Expired("unfinished" if job.status in UNFINISHED else "clip")
        check_doubled(job.clip)
        clip = replace(job.clip, path=path)
        picture, extra = await self._picture(job), self._extra(job, same_as(clip, options))
        request = await doubled(
            self._intake, self._workspace, clip, picture, options, extra, owner=owner
        )
        return replace(request, remixed_from=job.id)

    async def _continued(
        self, job: Job, options: Options, found: Path | None, *, owner: str
    ) -> AnimationRequest:
        """A clip that begins with what another one ends with."""
        if found is None:
            raise Expired("unfinished" if job.status in UNFINISHED else "clip")
        from generation.media.stills import last_frame  # loads ffmpeg, which few need

        picture = await _still(last_frame, found, "clip")
        request = await self._intake.accept(picture, _onward(options), owner=owner)
        notes = (*request.notes, GOES_ON)
        return replace(request, notes=notes, remixed_from=job.id)

    def _goes_on(self, job: Job, options: Options) -> bool:
        """Whether that job went on from a clip, and nobody asks for another length now."""
        earlier = job.request.extends
        same_length = options.seconds is None and options.num_frames == self.options(job).num_frames
        return (
            earlier is not None
            and same_length
            and not options.boomerang
            and "extends" in self._offered.capabilities.options
            and self._workspace.input(earlier).exists()
        )

    def _extra(self, job: Job, options: Options) -> ExtraPictures:
        """The other pictures of that job, as far as they are kept and still fit."""
        request, known = job.request, self._offered.capabilities.options
        end = self._workspace.input(request.end_image) if request.end_image else None
        ends = end is not None and end.exists() and "end_image" in known and not options.loop
        kept = [
            keyframe
            for keyframe in _on_the_way(request, options, ends=ends)
            if "keyframes" in known and self._workspace.input(keyframe.image).exists()
        ]
        keyframes = tuple(
            KeyframePicture(one.frame / request.fps, self._workspace.input(one.image))
            for one in kept
        )
        return ExtraPictures(end if ends else None, keyframes)

    def _new_frames(self, options: Options, fps: int) -> int:
        """8k+1 of them; with the overlap the model must not have to make more than it can."""
        longest = (MAX_FRAMES - OVERLAP) // FRAME_STEP * FRAME_STEP + 1
        asked = options.num_frames
        if options.seconds is not None:
            asked = frames_for(min(options.seconds, longest / fps), fps)
        return min(asked or longest, longest)

    def with_clip(self, jobs: Sequence[Job]) -> list[Job]:
        """Those whose clip is still there."""
        return [job for job in jobs if self._workspace.clip(job.id).exists()]

    def keeps(self, job: Job, *, whole: bool) -> bool:
        """Whether another clip can be made of what is left; `whole`: of the clip itself."""
        if job.clip is not None and self._workspace.clip(job.id).exists():
            return True
        return not whole and self._workspace.input(job.request.image).is_file()

    def check_kept(self, job: Job) -> None:
        """Refuse where nothing is left to make another clip of; raises `Expired`."""
        if not self.keeps(job, whole=False):
            raise Expired("picture")

    async def _picture(self, job: Job, found: Path | None = None) -> Path | bytes:
        """The picture itself, or where it is no longer kept what the clip begins with."""
        original, clip = self._workspace.input(job.request.image), self._workspace.clip(job.id)
        if original.is_file():
            return original
        if job.clip is None or not clip.exists():
            if found is None:
                raise Expired("picture")
            clip = found
        from generation.media.stills import first_frame  # loads ffmpeg, which few need

        return await _still(first_frame, clip, "picture")


def _onward(options: Options) -> Options:
    """What goes on does not come back, and is as large as what it goes on from."""
    return replace(options, loop=False, boomerang=False, draft=None)


def _on_the_way(request: AnimationRequest, options: Options, *, ends: bool) -> list[Keyframe]:
    """One a frame, and none where another picture is now: older versions stored such ones."""
    frames = forth_of(request.num_frames) if options.boomerang else request.num_frames
    taken = ends or (options.loop and not options.boomerang)
    until = frames - 1 if taken else frames
    by_frame = {one.frame: one for one in reversed(request.keyframes) if one.frame < until}
    return [by_frame[frame] for frame in sorted(by_frame)]


async def _still(
    frame: Callable[[Path], bytes], clip: Path, what: Literal["picture", "clip"]
) -> bytes:
    try:
        return await asyncio.to_thread(frame, clip)
    except GenerationFailed:
        raise Expired(what) from None
