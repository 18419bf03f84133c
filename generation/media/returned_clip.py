"""A clip that comes back: what it says of itself, read in a child, for it may be anybody's file."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generation.media.mp4_boxes import BrokenClip
from generation.media.recipe import BrokenRecipe, Recipe

LIMIT = 20.0
"""Seconds a clip may take to be read."""

HEAD = 12
"""Bytes by which an MP4 is told from a picture."""

BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1"})
"""Of MP4s; HEIC and AVIF are in the same container and have others."""

PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "TMPDIR")
"""All of our environment that the child gets to see."""


@dataclass(frozen=True, slots=True)
class ReturnedClip:
    """`told` is `None` where it says nothing of ours; `source` is its `DigitalSourceType`.

    `recipe` is what it says, as far as that is how one clip was made.
    """

    recipe: Recipe | None
    told: Mapping[str, object] | None
    source: str | None

    @property
    def scenes(self) -> tuple[Recipe, ...]:
        """How those of a film were made; none where it is no film of ours."""
        told = self.told.get("scenes") if self.told is not None else None
        found = [_recipe(one) for one in told] if isinstance(told, list) else []
        return tuple(one for one in found if one is not None)


def may_be_clip(head: bytes) -> bool:
    """Whether a file that begins like this can be an MP4."""
    return head[4:8] == b"ftyp" and head[8:HEAD] in BRANDS


async def read_clip(path: Path) -> ReturnedClip:
    """Raises `BrokenClip` for what is no MP4, and for one that takes too long."""
    try:
        found = json.loads(await _answer(path))
        return ReturnedClip(_recipe(found["recipe"]), found["recipe"], found["source"])
    except (TimeoutError, ValueError, KeyError):
        raise BrokenClip("it cannot be read") from None


def _recipe(told: object) -> Recipe | None:
    try:
        return Recipe.from_json(json.dumps(told))
    except BrokenRecipe:
        return None


async def _answer(path: Path) -> bytes:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    reader = [sys.executable, "-P", "-m", "generation.media.recipe_reader"]
    child = await asyncio.create_subprocess_exec(
        *reader,
        str(path.absolute()),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    try:
        async with asyncio.timeout(LIMIT):
            said, _ = await child.communicate()
        return said
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
