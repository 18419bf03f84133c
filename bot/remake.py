"""A new request made from an old job: another seed, other words, a longer clip, a loop."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import assert_never

from bot.buttons import Verb
from bot.intake import MAX_SEED, Intake
from bot.wish import Words
from generation.engine.protocol import Capabilities
from generation.errors import Expired, JobNotFound, UnsupportedOption
from generation.images.geometry import MAX_FRAMES, duration_sentence
from generation.jobs import AnimationRequest, Job, JobStatus
from generation.workspace import Workspace

PICTURE_GONE = "The picture of this clip is no longer kept; please send it again."
CLIP_GONE = "This clip is no longer kept; make it again with Re-roll first."


def words_of(job: Job) -> Words:
    """What somebody would have to ask for to get this job again."""
    request = job.request
    return Words(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt or None,
        motion=request.motion,
        effect=request.effect,
        seconds=request.seconds,
        fps=request.fps,
        size=f"{request.width}x{request.height}",
        seed=request.seed,
        num_inference_steps=request.num_inference_steps,
        guidance_scale=request.guidance_scale,
        strength=request.strength,
    )


class Remaker:
    def __init__(self, intake: Intake, workspace: Workspace) -> None:
        self._intake = intake
        self._workspace = workspace

    async def request(self, job: Job, verb: Verb, changes: Words | None) -> AnimationRequest:
        """Pictures get names of their own: the old job's go their own way.

        Raises `Rejected` kinds.
        """
        match verb:
            case Verb.REROLL:
                self._intake.check_supported(changes or words_of(job))
                return replace(self._copy(job.request), seed=secrets.randbelow(MAX_SEED + 1))
            case Verb.EDIT:
                return await self._edited(job, changes or words_of(job))
            case Verb.EXTEND:
                return self._extended(job)
            case Verb.LOOP:
                check_option(self._intake.capabilities, "loop")
                return replace(self._copy(job.request), loop=True)
            case Verb.CANCEL | Verb.RECIPE | Verb.DELETE:
                raise UnsupportedOption("This button makes no new clip.", "verb")
            case _:
                assert_never(verb)

    async def _edited(self, job: Job, words: Words) -> AnimationRequest:
        picture = self._workspace.input(job.request.image)
        if not job.request.image or not picture.exists():
            raise Expired(PICTURE_GONE)
        accepted = await self._intake.accept(picture, words)
        with self._undone(accepted):
            copied = self._copy(self._kept(job.request, accepted))
        self._workspace.remove_input(copied.image)
        return replace(
            accepted,
            end_image=copied.end_image,
            keyframes=copied.keyframes,
            extends=copied.extends,
            loop=copied.loop,
        )

    def _kept(self, old: AnimationRequest, new: AnimationRequest) -> AnimationRequest:
        """What an Edit does not ask about stays, as far as engine and length still allow it."""
        options = self._intake.capabilities.options
        shots = old.keyframes if "keyframes" in options else ()
        same = (old.width, old.height, old.num_frames) == (new.width, new.height, new.num_frames)
        return replace(
            old,
            end_image=old.end_image if "end_image" in options else None,
            keyframes=tuple(shot for shot in shots if shot.frame < new.num_frames),
            extends=old.extends if "extends" in options and same else None,
            loop=old.loop and "loop" in options,
        )

    def _extended(self, job: Job) -> AnimationRequest:
        check_option(self._intake.capabilities, "extends")
        clip = job.clip
        if job.status is not JobStatus.SUCCEEDED or clip is None:
            raise JobNotFound("This clip is not finished, so there is nothing to extend.")
        if clip.frames >= MAX_FRAMES:
            raise UnsupportedOption(
                f"This clip has {clip.frames} frames, as many as there can be.", "num_frames"
            )
        frames = min(clip.frames + job.request.num_frames - 1, MAX_FRAMES)
        copied = self._copy(
            replace(job.request, keyframes=(), end_image=None, extends=None, loop=False)
        )
        with self._undone(copied):
            try:
                extends = self._workspace.duplicate(clip.path)
            except FileNotFoundError:
                raise Expired(CLIP_GONE) from None
        return replace(
            copied,
            extends=extends,
            num_frames=frames,
            width=clip.width,
            height=clip.height,
            seed=secrets.randbelow(MAX_SEED + 1),
            notes=(f"{duration_sentence(frames, clip.fps)}.",),
        )

    def _copy(self, request: AnimationRequest) -> AnimationRequest:
        names: dict[str, str] = {}
        try:
            for name in request.inputs:
                names[name] = self._duplicate(name)
        except Expired:
            for copied in names.values():
                self._workspace.remove_input(copied)
            raise
        return replace(
            request,
            image=names[request.image],
            end_image=names[request.end_image] if request.end_image else None,
            keyframes=tuple(replace(one, image=names[one.image]) for one in request.keyframes),
            extends=names[request.extends] if request.extends else None,
        )

    def _duplicate(self, name: str) -> str:
        try:
            return self._workspace.duplicate(self._workspace.input(name))
        except FileNotFoundError:
            raise Expired(PICTURE_GONE) from None

    @contextmanager
    def _undone(self, request: AnimationRequest) -> Iterator[None]:
        try:
            yield
        except Expired:
            for name in request.inputs:
                self._workspace.remove_input(name)
            raise


def check_option(capabilities: Capabilities, option: str) -> None:
    """Raises `UnsupportedOption` where the engine has no such thing."""
    if option not in capabilities.options:
        raise UnsupportedOption(
            f"The {capabilities.engine} engine cannot do that; try Re-roll or Edit.", option
        )
