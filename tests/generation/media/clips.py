"""Frames and recipes for the tests of this folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil

from generation.jobs import Clip
from generation.media.encode import ClipEncoder
from generation.media.frames import Frames
from generation.media.marking import DigitalSource
from generation.media.provenance import Signer
from generation.media.recipe import Recipe
from generation.media.sound import Sound
from generation.sandbox import launch

RECIPE = Recipe(
    photoplay="0.1.0",
    prompt="a slow pan to the left",
    effective_prompt="a slow pan to the left. The camera pans left.",
    negative_prompt="blurry",
    seed=7,
    engine="camera",
    model="camera",
    motion="pan-left",
    effect="auto",
    width=64,
    height=96,
    frames=9,
    fps=24,
    created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    options={"strength": 0.5},
)


def recipe(width: int = 64, height: int = 96, frames: int = 9, fps: int = 24) -> Recipe:
    return replace(RECIPE, width=width, height=height, frames=frames, fps=fps)


def gradient(asked: Recipe) -> Iterator[Frames]:
    """A moving ramp, one frame at a time."""
    ramp = np.linspace(0, 255, asked.width, dtype=np.uint8)
    for index in range(asked.frames):
        row = np.roll(ramp, index)[None, None, :, None]
        yield np.broadcast_to(row, (1, asked.height, asked.width, 3)).copy()


def noise(asked: Recipe, seed: int = 1) -> Iterator[Frames]:
    """What compresses worst, one frame at a time."""
    source = np.random.default_rng(seed)
    for _ in range(asked.frames):
        yield source.integers(0, 256, (1, asked.height, asked.width, 3), np.uint8)


def encoder(
    folder: Path,
    asked: Recipe = RECIPE,
    *,
    size_cap: int | None = None,
    source: DigitalSource = DigitalSource.TRAINED_ALGORITHMIC_MEDIA,
    signer: Signer | None = None,
    sound: Sound | None = None,
) -> ClipEncoder:
    return ClipEncoder(
        folder / "clip.mp4",
        asked,
        source=source,
        thumbnail=folder / "clip.jpg",
        size_cap=size_cap,
        signer=signer,
        sound=sound,
    )


def encoded(folder: Path, asked: Recipe = RECIPE, *, size_cap: int | None = None) -> Clip:
    with encoder(folder, asked, size_cap=size_cap) as target:
        for frames in gradient(asked):
            target.write(frames)
        return target.finish()


def encoders() -> list[psutil.Process]:
    """The ffmpegs that this process has running."""
    due = time.monotonic() + 30
    while any(launch.__file__ in _command(child) for child in psutil.Process().children()):
        assert time.monotonic() < due  # what becomes ffmpeg begins by binding itself to us
        time.sleep(0.01)
    children = psutil.Process().children()
    return [child for child in children if child.name().startswith("ffmpeg")]


def _command(child: psutil.Process) -> list[str]:
    with suppress(psutil.Error):  # it may end meanwhile, or wait to be reaped
        return child.cmdline()
    return []


def a_clip(path: Path, width: int = 64, height: int = 64) -> bytes:
    """A whole clip of ours at `path`, with its thumbnail beside it."""
    asked = recipe(width, height)
    source = DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    with ClipEncoder(path, asked, source=source, thumbnail=path.with_suffix(".jpg")) as encoder:
        for frames in gradient(asked):
            encoder.write(frames)
        encoder.finish()
    return path.read_bytes()
