"""From bytes and options to a request that an engine can be given, or a sentence why not."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol, TypedDict, TypeVar

from bot.submission.drafts import drafted
from bot.submission.moments import moments_of
from bot.submission.options import NO_EXTRA_PICTURES, ExtraPictures, Options
from bot.submission.supported import check_offered, within
from config.sections import DefaultsSettings
from generation.directions.vocabulary import Effect, Motion
from generation.dispatch.offering import Offering
from generation.engine.protocol import Capabilities
from generation.errors import InvalidImage, InvalidPrompt, UnsupportedOption
from generation.images.geometry import (
    MAX_FRAMES,
    MIN_FRAMES,
    Size,
    check_fps,
    check_frames,
    fit,
    frames_for,
    in_reach,
    on_grid,
    parse_size,
)
from generation.images.intake import Picture, PictureIntake
from generation.jobs import AnimationRequest, Keyframe
from generation.notes import Note, duration
from generation.workspace import Workspace

MAX_PROMPT = 2000
"""Characters of a prompt; also of a negative one."""

AREA = 704 * 480
"""Pixels that an automatic size may have."""

MAX_SEED = 2**31 - 1
"""Every random generator an engine may use takes this much."""

RANDOM = -1
"""How people say that any seed will do."""

Number = TypeVar("Number", int, float)


class Choices(TypedDict):
    """The part of a request that no picture and no arithmetic has a say in."""

    motion: Motion
    effect: Effect
    num_inference_steps: int | None
    guidance_scale: float | None
    strength: float | None
    motion_strength: int | None
    loop: bool
    boomerang: bool
    enhance: bool
    model: str | None


@dataclass(frozen=True, slots=True)
class PlannedClip:
    """A request without its pictures: `size` may wait for theirs, `seed` for chance."""

    prompt: str
    negative_prompt: str
    frames: int
    fps: int
    size: Size | Literal["auto"]
    seed: int | None
    notes: tuple[Note, ...]


class TakePicture(Protocol):
    async def __call__(self, picture: bytes | Path, param: str) -> Picture: ...


class Intake:
    """`defaults` are what holds where nobody says otherwise."""

    def __init__(
        self,
        pictures: PictureIntake,
        workspace: Workspace,
        offered: Offering,
        defaults: DefaultsSettings,
    ) -> None:
        self._pictures = pictures
        self._workspace = workspace
        self.offered = offered
        self._defaults = defaults

    @property
    def capabilities(self) -> Capabilities:
        """What can be asked for."""
        return self.offered.capabilities

    @property
    def usual_cost(self) -> float:
        """Frame·pixel·steps of a clip about which nobody says anything."""
        frames = self._frames(Options(), self._fps())
        steps = self.capabilities.defaults.num_inference_steps or 1
        return float(frames * self._pixels() * steps)

    def shaped(self, width: int, height: int) -> str:
        """The size on the grid, with as many pixels as usual, that has this shape."""
        return str(fit(width, height, self._pixels()))

    def _pixels(self) -> int:
        size = parse_size(self._defaults.size)
        return AREA if size == "auto" else size.pixels

    async def start(self) -> None:
        await self._pictures.start()

    async def close(self) -> None:
        await self._pictures.close()

    async def accept(
        self,
        picture: bytes | Path,
        options: Options,
        extra: ExtraPictures = NO_EXTRA_PICTURES,
        *,
        owner: str = "",
    ) -> AnimationRequest:
        """Words first, since they cost nothing; the pictures then lie in the workspace.

        `owner` is whose turns the decoding takes. Raises `Rejected` kinds, leaving no picture.
        """
        plan = self.plan(options, end=extra.end is not None, keyframes=len(extra.keyframes))
        moments = moments_of(extra, options, plan.frames, plan.fps)
        async with self._taking(owner) as take:
            taken = await take(picture, "input_reference")
            end = await take(extra.end, "end_reference") if extra.end is not None else None
            pictures = [await take(one.picture, "keyframes") for one in extra.keyframes]
        request = self._request(plan, options, taken.name, _size(taken, plan.size))
        made = replace(
            request,
            notes=(*plan.notes, *_made_up(taken, end, *pictures)),
            end_image=end.name if end is not None else None,
            keyframes=tuple(Keyframe(at, s.name) for at, s in zip(moments, pictures, strict=True)),
        )
        return drafted(made, self.capabilities) if options.draft else made

    def onward(self, options: Options, before: AnimationRequest) -> AnimationRequest:
        """A clip that goes on from the end of another, which gives its picture when it is there.

        Raises `Rejected` kinds.
        """
        plan = self.plan(options)
        size = Size(before.width, before.height) if plan.size == "auto" else plan.size
        return self._request(plan, options, f"{secrets.token_hex(16)}.png", size)

    def _request(
        self, plan: PlannedClip, options: Options, image: str, size: Size
    ) -> AnimationRequest:
        return AnimationRequest(
            prompt=plan.prompt,
            image=image,
            width=size.width,
            height=size.height,
            num_frames=plan.frames,
            fps=plan.fps,
            seed=secrets.randbelow(MAX_SEED + 1) if plan.seed is None else plan.seed,
            negative_prompt=plan.negative_prompt,
            notes=plan.notes,
            **self._choices(options),
        )

    def plan(self, options: Options, *, end: bool = False, keyframes: int = 0) -> PlannedClip:
        """Everything that no picture has a say in; raises `Rejected` kinds.

        `end`: whether there is a picture to end with; `keyframes`: how many to pass.
        """
        prompt = _text(options.prompt, "prompt")
        negative = self._negative(options)
        check_offered(self.offered, options, end=end, keyframes=keyframes)
        fps = check_fps(options.fps if options.fps is not None else self._fps())
        frames = self._frames(options, fps)
        asked, resized = self._size(options)
        said = (duration(frames, fps), *_cut(options.seconds, fps), *resized)
        seed = None if options.seed == RANDOM else within(options.seed, 0, MAX_SEED, "seed")
        return PlannedClip(
            prompt, negative, frames, fps, asked, None if seed is None else int(seed), said
        )

    def _choices(self, options: Options) -> Choices:
        """What is handed to the engine as it was said, or as the engine does it unasked."""
        defaults = self.offered.capabilities.defaults
        return Choices(
            motion=options.motion,
            effect=options.effect,
            num_inference_steps=_or(options.num_inference_steps, defaults.num_inference_steps),
            guidance_scale=_or(options.guidance_scale, defaults.guidance_scale),
            strength=options.strength,
            motion_strength=options.motion_strength,
            loop=options.loop,
            boomerang=options.boomerang,
            enhance=options.enhance,
            model=options.model,
        )

    @asynccontextmanager
    async def _taking(self, owner: str) -> AsyncGenerator[TakePicture]:
        """Takes pictures into the workspace: all of them, or none where one is refused."""
        taken: list[Picture] = []

        async def take(picture: bytes | Path, param: str) -> Picture:
            try:
                taken.append(await self._pictures.take(picture, self._workspace.inputs, owner))
            except InvalidImage as error:
                error.param = param
                raise
            return taken[-1]

        try:
            yield take
        except BaseException:
            for picture in taken:
                self._workspace.input(picture.name).unlink(missing_ok=True)
            raise

    def _negative(self, options: Options) -> str:
        if options.negative_prompt is None:
            return self.offered.capabilities.defaults.negative_prompt
        return _text(options.negative_prompt, "negative_prompt")

    def _fps(self) -> int:
        """The operator's choice, or else what the model was trained for."""
        if "fps" in self._defaults.model_fields_set:
            return self._defaults.fps
        return self.offered.capabilities.defaults.fps

    def _frames(self, options: Options, fps: int) -> int:
        if options.num_frames is not None and options.seconds is not None:
            raise UnsupportedOption("both_lengths", "num_frames")
        if options.num_frames is not None:
            return check_frames(options.num_frames)
        if options.seconds is not None:
            return frames_for(in_reach(options.seconds, fps), fps)
        return frames_for(min(max(self._defaults.seconds, MIN_FRAMES / fps), MAX_FRAMES / fps), fps)

    def _size(self, options: Options) -> tuple[Size | Literal["auto"], tuple[Note, ...]]:
        """A size on the grid, and a note where another one was asked for."""
        asked = parse_size(options.size if options.size != "auto" else self._defaults.size)
        if asked == "auto":
            return asked, ()
        size = on_grid(asked)
        if size == asked:
            return size, ()
        return size, (Note("size", asked=str(asked), size=str(size)),)


def _cut(seconds: float | None, fps: int) -> tuple[Note, ...]:
    """A note where more was asked for than the longest clip has, or less than the shortest."""
    if seconds is None or round(seconds, 1) == round(kept := in_reach(seconds, fps), 1):
        return ()
    code = "shortened" if kept < seconds else "lengthened"
    return (Note(code, asked=seconds, seconds=round(kept, 2)),)


def _or(asked: Number | None, default: Number | None) -> Number | None:
    return default if asked is None else asked


def _text(text: str, name: str) -> str:
    """Text as it is shown and given to a model: no control characters, one kind of space."""
    if len(text) > MAX_PROMPT:
        raise InvalidPrompt("too_long", param=name, length=len(text), most=MAX_PROMPT)
    plain = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)
    return " ".join(plain.split())


def _made_up(*pictures: Picture | None) -> list[Note]:
    """What people should know of pictures that came cut off."""
    shares = [picture.missing for picture in pictures if picture is not None and picture.missing]
    return [Note("cut_off", percent=max(1, round(share * 100))) for share in shares]


def _size(picture: Picture, asked: Size | Literal["auto"]) -> Size:
    if asked == "auto":
        return fit(picture.width, picture.height, AREA)
    return asked
