"""A clip that another one goes on from: its frames, and how it left off by its own recipe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generation.directions.parse import directions_for
from generation.directions.vocabulary import Effect, Motion
from generation.errors import GenerationFailed
from generation.jobs import AnimationRequest
from generation.media.clip_frames import read_frames
from generation.media.errors import EncodingFailed
from generation.media.frames import Frames, Picture
from generation.media.probe import BrokenClip, probe
from generation.media.recipe import Recipe, read_recipe
from generation.pipelines.camera.ending import NAME, Ending


class EarlierClip:
    """Raises `GenerationFailed` where it is gone, of another size, or too long for the request."""

    def __init__(self, path: Path, request: AnimationRequest) -> None:
        self.request = request
        self._path = path
        try:
            found, self._recipe = probe(path), read_recipe(path)
        except (OSError, BrokenClip):
            raise GenerationFailed("previous_gone") from None
        self.frames = found.frames
        if (found.width, found.height) != (request.width, request.height):
            raise GenerationFailed("previous_size")
        if found.frames >= request.num_frames:
            raise GenerationFailed("previous_length")

    @property
    def ending(self) -> Ending | None:
        """`None` where it was made by another engine, or by a version that kept none."""
        return None if self._recipe is None else Ending.from_text(self._recipe.options.get(NAME))

    @property
    def effects(self) -> tuple[Effect, ...]:
        return () if self._recipe is None else _effects(self._recipe)

    def batches(self) -> Iterator[Frames]:
        try:
            yield from read_frames(self._path, self.request.width, self.request.height)
        except EncodingFailed:
            raise GenerationFailed("previous_gone") from None

    def last_frame(self) -> Picture:
        last: Picture | None = None
        for batch in self.batches():
            last = batch[-1]
        if last is None:
            raise GenerationFailed("previous_gone")
        return last.copy()


def _effects(recipe: Recipe) -> tuple[Effect, ...]:
    try:
        motion, effect = Motion(recipe.motion), Effect(recipe.effect)
    except ValueError:  # of another version
        return ()
    return directions_for(recipe.prompt, motion, effect).effects
