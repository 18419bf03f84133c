"""Where a video that was made far away becomes a clip of ours, whole and durable or not at all."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from generation.bound import command
from generation.engine.clip_recipe import recipe_of
from generation.engine.protocol import Animation, Capabilities
from generation.jobs import Clip
from generation.media.atomic_publish import Publication
from generation.media.marking import source_of
from generation.media.mp4_boxes import BrokenClip
from generation.media.probe import probe

log = structlog.get_logger(__name__)

LIMIT = 300.0
"""Seconds to make a clip of the largest video on a slow processor."""


class Unusable(Exception):
    """What came is no clip."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """How what other programs send is made a clip of ours: `signing` and `environment` are for the
    process that does it.
    """

    known: Capabilities
    signing: Sequence[str]
    environment: Mapping[str, str]


def place_own(files: Publication, jpeg: bytes, seed: int) -> Clip:
    """A photoplay's clip as it is: it has its recipe and its mark. Raises `Unusable`, `OSError`."""
    try:
        found, source = probe(files.video), source_of(files.video)
    except BrokenClip as error:
        raise Unusable(str(error)) from None
    if found.comment is None or source is None or not found.moov_first:
        raise Unusable("it carries no recipe and no mark")
    size = files.video.stat().st_size
    files.publish(files.video, jpeg)
    shape = (found.width, found.height, found.frames, round(found.fps))
    return Clip(files.clip, *shape, seed, size)


async def place_foreign(files: Publication, animation: Animation, how: Rewriting) -> Clip:
    """Written anew in a process of its own, which decodes what came. Raises `Unusable`."""
    targets = (files.video, files.clip, files.thumbnail)
    program = (sys.executable, "-P", "-m", "generation.media.receive", *map(str, targets))
    child = await asyncio.create_subprocess_exec(
        *command([*program, *how.signing]),
        env=dict(how.environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(LIMIT):
            facts, said = await child.communicate(_recipe(animation, how.known))
    except TimeoutError:
        raise Unusable("it takes too long to be written") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise Unusable(said.decode(errors="replace").strip()[-300:] or "it is no clip")
    made = json.loads(facts)
    shape = (made["width"], made["height"], made["frames"], made["fps"])
    return Clip(files.clip, *shape, animation.request.seed, _size(files.clip))


def _size(path: Path) -> int:
    return path.stat().st_size


def _recipe(animation: Animation, known: Capabilities) -> bytes:
    """Down a pipe and not as an argument, which everybody may read."""
    told = animation.prompt or animation.request.prompt
    return recipe_of(animation.request, known, told).to_json().encode()
