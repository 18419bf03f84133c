"""Pictures as LTX-Video learned to see them, a little soft and compressed like films.

A sharp picture looks like nothing that moves: with one the model holds still, or only zooms. The
authors' own inference prepares every picture so; diffusers (0.42) does it for LTX-2 alone.
"""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from functools import cache, lru_cache
from importlib.util import find_spec

import numpy as np
from PIL import Image

from generation.errors import AnimationError
from generation.media.frames import Frames
from generation.pipelines.ltx.conditioning import Condition, Plan

CRF = 29
"""x264's constant rate factor in the authors' inference."""

COARSEST = 51
"""H.264 has none beyond it."""

SIGMA = 1.0

REMEMBERED = 8
"""Pictures: who asks for another clip of the same one waits for no encoder."""

log = logging.getLogger("photoplay.engine")


def as_learned(plan: Plan, crf: int) -> Plan:
    """With every picture prepared, except frames of an earlier clip, which were a film already.

    `crf` 0 leaves all of them as they are.
    """
    if not crf or not _has_encoder():
        return plan
    prepared = tuple(_prepared(condition, plan, crf) for condition in plan.conditions)
    return replace(plan, conditions=prepared)


def _prepared(condition: Condition, plan: Plan, crf: int) -> Condition:
    if plan.previous is not None and condition.at == 0:
        return condition
    pictures = tuple(learned(picture, crf) for picture in condition.pictures)
    return replace(condition, pictures=pictures)


def learned(picture: Image.Image, crf: int) -> Image.Image:
    """RGB of even sides; where the encoder fails, soft but not compressed."""
    soft = softened(np.asarray(picture))
    try:
        seen = _compressed(soft.tobytes(), picture.size, min(crf, COARSEST))
    except AnimationError as error:
        log.warning("a picture could not be compressed: %s", error.reason)
        return Image.fromarray(soft)
    return Image.frombytes("RGB", picture.size, seen)


def softened(picture: Frames) -> Frames:
    """A Gaussian of three pixels a side, mirrored at the border."""
    side = math.exp(-0.5 / SIGMA**2)
    near, far = 1 / (1 + 2 * side), side / (1 + 2 * side)
    cells = np.pad(picture.astype(np.float32), ((1, 1), (1, 1), (0, 0)), mode="reflect")
    rows = near * cells[1:-1] + far * (cells[:-2] + cells[2:])
    soft = near * rows[:, 1:-1] + far * (rows[:, :-2] + rows[:, 2:])
    return soft.round().astype(np.uint8)


@lru_cache(REMEMBERED)
def _compressed(pixels: bytes, size: tuple[int, int], crf: int) -> bytes:
    from generation.media.recompressed import recompressed

    width, height = size
    return recompressed(np.frombuffer(pixels, np.uint8).reshape(height, width, 3), crf)


@cache
def _has_encoder() -> bool:
    """A bare machine on which the model is measured may lack it."""
    if find_spec("imageio_ffmpeg") is not None:
        return True
    log.warning("there is no ffmpeg: pictures are not compressed as LTX-Video is used to")
    return False
