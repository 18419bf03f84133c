"""A preview is learned from the job's own picture, and shows where the latents are going."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.generation.pipelines.ltx.conftest import Seconds
from tests.generation.pipelines.ltx.recording_stage import painted

pytestmark = pytest.mark.slow
ROWS, COLUMNS, CHANNELS = 15, 22, 128
Floats = NDArray[np.float32]


def latents_of(picture: Image.Image, seed: int = 1) -> Floats:
    """A code that mixes colours into all channels, as an encoder does, with details of its own."""
    rng = np.random.default_rng(seed)
    mixing = np.random.default_rng(0).normal(size=(CHANNELS, 3))
    colours = np.asarray(picture.resize((COLUMNS, ROWS), Image.Resampling.BOX), float) / 128 - 1
    details = rng.normal(size=(CHANNELS, ROWS, COLUMNS)) * 0.3
    return np.asarray(np.einsum("ck,hwk->chw", mixing, colours) + details, np.float32)


def shown_after(picture: Image.Image, coming: Floats, levels: list[float]) -> list[bytes | None]:
    """The previews while noise falls to each of the levels on a straight line."""
    import torch

    from generation.pipelines.ltx.preview import LatentPreview

    noise = np.random.default_rng(5).normal(size=coming.shape).astype(np.float32)
    preview = LatentPreview(latents_of(picture), picture, Seconds())
    steps = [(1 - level) * coming + level * noise for level in levels]
    return [
        preview.jpeg(torch.from_numpy(step), level)
        for step, level in zip(steps, levels, strict=True)
    ]


def decoded(jpeg: bytes | None) -> Image.Image:
    assert jpeg is not None
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def distance(one: Image.Image, other: Image.Image) -> float:
    small = [np.asarray(it.resize((22, 15)), float) for it in (one, other)]
    return float(np.abs(small[0] - small[1]).mean())


def test_it_shows_what_is_coming_through_the_noise() -> None:
    picture, coming = painted(1, (704, 480)), painted(2, (704, 480))
    first, second, third = shown_after(picture, latents_of(coming, seed=2), [0.9, 0.8, 0.4])
    assert first is None
    assert distance(decoded(second), coming) < 25
    assert distance(decoded(third), coming) < 25 < distance(picture, coming)


@pytest.mark.parametrize(
    ("size", "shown"), [((704, 480), (176, 120)), ((480, 704), (82, 120)), ((1280, 320), (176, 44))]
)
def test_it_is_small_in_every_shape(size: tuple[int, int], shown: tuple[int, int]) -> None:
    picture = painted(1, size)
    jpeg = shown_after(picture, latents_of(picture), [0.9, 0.5])[1]
    assert decoded(jpeg).size == shown
    assert jpeg is not None
    assert len(jpeg) < 10_000


def test_numbers_that_are_none_show_nothing() -> None:
    picture = painted(1)
    broken = latents_of(picture) * np.float32("nan")
    assert shown_after(picture, broken, [0.9, 0.5]) == [None, None]


def test_it_waits_for_the_gpu_at_most_twice_a_second() -> None:
    """Thirty steps in three seconds."""
    import torch

    from generation.pipelines.ltx.preview import LatentPreview

    now = Now()
    picture = painted(1)
    coming, noise = latents_of(picture), latents_of(picture, seed=3)
    preview = LatentPreview(coming, picture, now)
    shown = 0
    for step in range(30):
        now.time += 0.1
        level = 0.95 - step * 0.03
        latents = torch.from_numpy((1 - level) * coming + level * noise)
        shown += preview.jpeg(latents, level) is not None
    assert 5 <= shown <= 6


class Now:
    time = 0.0

    def __call__(self) -> float:
        return self.time
