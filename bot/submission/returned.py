"""A clip of ours that comes back stands for what it was made of: its first frame, its options."""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal

from bot.submission.digests import UNASKED
from bot.submission.options import Changes, Options, changed
from bot.submission.remix import LONGEST, options_of
from generation.directions.vocabulary import Effect, Motion
from generation.dispatch.offering import Offering
from generation.engine.protocol import Capabilities
from generation.errors import GenerationFailed, InvalidImage, UnsupportedOption
from generation.images.geometry import parse_size
from generation.jobs import AnimationRequest, InFull
from generation.media.mp4_boxes import BrokenClip
from generation.media.recipe import Recipe, Scalar
from generation.media.returned_clip import HEAD, ReturnedClip, may_be_clip, read_clip
from generation.turns import FairTurns

AT_ONCE: Final = 2
"""Clips that are read at the same time, one of each owner."""


NOTHING_SAID: Final = ReturnedClip(None, None, None)


@dataclass(frozen=True, slots=True)
class MadeOf:
    """`picture` is a still of the clip; `options` are its recipe's with what was said anew."""

    picture: bytes
    options: Options


@dataclass(frozen=True, slots=True)
class Described:
    """What a clip says of itself, and the PNG of its first frame."""

    recipe: Recipe
    picture: bytes


@dataclass(frozen=True, slots=True)
class _Ours:
    path: Path
    recipe: Recipe


class ReturnedClips:
    """`offered` is what the engines can do today. Nothing a recipe says is taken unchecked."""

    def __init__(self, offered: Offering) -> None:
        self._offered = offered
        self._turns = FairTurns(AT_ONCE, 1)

    async def made_of(self, file: bytes | Path, given: Options, owner: str = "") -> MadeOf | None:
        """What to make of a clip that came as a picture; `None` for what is no clip of ours.

        Raises `UnsupportedOption` for a film.
        """
        async with self._ours(file, owner, film="input_reference") as ours:
            if ours is None:
                return None
            said = {name: one for name, one in asdict(given).items() if one != UNASKED[name]}
            options = self._options(ours.recipe, said)
            return MadeOf(await _still(ours.path, "first"), options)

    async def remade_of(
        self, file: bytes | Path, changes: Changes, owner: str, *, which: Literal["first", "last"]
    ) -> MadeOf:
        """The same for one that was named as a clip, with its first or last frame and any seed.

        Raises `UnsupportedOption` for what carries no recipe, and for a film.
        """
        async with self._ours(file, owner, film="video") as ours:
            if ours is None:
                raise UnsupportedOption("foreign_video", "video")
            options = self._options(ours.recipe, {"seed": None, **changes})
            return MadeOf(await _still(ours.path, which), options)

    async def recipe(self, file: bytes | Path, owner: str = "") -> Recipe | None:
        """What a file says of itself, if it is a clip of ours."""
        async with self._ours(file, owner) as ours:
            return None if ours is None else ours.recipe

    async def scenes(self, file: Path, owner: str) -> tuple[Recipe, ...]:
        """What a film of ours says of its scenes; nothing where it is none."""
        if not may_be_clip(await asyncio.to_thread(_head, file)):
            return ()
        async with self._turns.of(owner):
            try:
                return (await read_clip(file)).scenes
            except BrokenClip:
                return ()

    async def described(self, file: bytes | Path, owner: str) -> Described | None:
        """The same with what it begins with; raises `InvalidImage` where that cannot be had.

        Raises `UnsupportedOption` for a film.
        """
        async with self._ours(file, owner, film="video") as ours:
            if ours is None:
                return None
            return Described(ours.recipe, await _still(ours.path, "first"))

    @asynccontextmanager
    async def _ours(
        self, file: bytes | Path, owner: str, *, film: str | None = None
    ) -> AsyncGenerator[_Ours | None]:
        """`film` is the field for which a film is refused by name, else it is none of ours."""
        if not may_be_clip(await asyncio.to_thread(_head, file)):
            yield None
            return
        async with self._turns.of(owner), _on_disk(file) as path:
            try:
                found = await read_clip(path)
            except BrokenClip:
                found = NOTHING_SAID
            recipe = found.recipe
            if film is not None and recipe is None and found.told is not None:
                raise UnsupportedOption("of_a_film", film)
            yield None if recipe is None else _Ours(path, recipe)

    def _options(self, recipe: Recipe, changes: Changes) -> Options:
        return changed(options_of_recipe(recipe, self._offered.capabilities), changes)


def options_of_recipe(recipe: Recipe, known: Capabilities) -> Options:
    """What was asked then, less what the engine of today does not have, and the same seed.

    Raises `UnsupportedOption` for a motion or an effect that there never was; numbers are checked
    where those of every request are.
    """
    return replace(options_of(request_of(recipe), known), seed=recipe.seed)


def request_of(recipe: Recipe) -> AnimationRequest:
    """Less its picture; raises `UnsupportedOption` as above."""
    said = recipe.options
    return AnimationRequest(
        prompt=recipe.prompt,
        image="",
        width=recipe.width,
        height=recipe.height,
        num_frames=min(recipe.frames, LONGEST),
        fps=recipe.fps,
        seed=recipe.seed,
        motion=_motion(recipe.motion),
        effect=_effect(recipe.effect),
        negative_prompt=recipe.negative_prompt,
        num_inference_steps=_whole(said.get("num_inference_steps")),
        guidance_scale=_decimal(said.get("guidance_scale")),
        strength=_decimal(said.get("strength")),
        motion_strength=_whole(said.get("motion_strength")),
        loop=said.get("loop") is True,
        boomerang=said.get("boomerang") is True,
        enhance=said.get("enhance") is not False,
        draft=_in_full(said),
    )


def _in_full(said: Mapping[str, Scalar]) -> InFull | None:
    size = said.get("in_full")
    if not isinstance(size, str) or (full := parse_size(size)) == "auto":
        return None
    return InFull(full.width, full.height, _whole(said.get("in_full_steps")))


def _motion(name: str) -> Motion:
    try:
        return Motion(name)
    except ValueError:
        raise UnsupportedOption("choice", "motion", known=tuple(Motion)) from None


def _effect(name: str) -> Effect:
    try:
        return Effect(name)
    except ValueError:
        raise UnsupportedOption("choice", "effect", known=tuple(Effect)) from None


def _whole(value: Scalar) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _decimal(value: Scalar) -> float | None:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, float) else _whole(value)


@asynccontextmanager
async def _on_disk(file: bytes | Path) -> AsyncGenerator[Path]:
    if isinstance(file, Path):
        yield file
        return
    with tempfile.NamedTemporaryFile(prefix="photoplay-", suffix=".mp4") as kept:
        await asyncio.to_thread(kept.write, file)
        kept.flush()
        yield Path(kept.name)


def _head(file: bytes | Path) -> bytes:
    if isinstance(file, bytes):
        return file[:HEAD]
    with file.open("rb") as opened:
        return opened.read(HEAD)


async def _still(clip: Path, which: Literal["first", "last"]) -> bytes:
    from generation.media.stills import first_frame, last_frame  # loads ffmpeg, which few need

    frame = first_frame if which == "first" else last_frame
    try:
        return await asyncio.to_thread(frame, clip)
    except GenerationFailed:
        raise InvalidImage("unreadable") from None
