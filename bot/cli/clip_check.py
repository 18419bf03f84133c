"""The proof that matters: a clip of nine frames, from decoding a picture to probing the MP4."""

from __future__ import annotations

import asyncio
import struct
import tempfile
import time
import zlib
from pathlib import Path

from bot.cli.clip_maker import ClipMaker
from bot.language.catalogue import Catalogue
from bot.runtime.engine_choice import Choice, started_by
from bot.submission.options import Options
from config.engine_sections import ClusterSettings
from config.settings import Settings
from generation.errors import OperatorError
from generation.media.probe import BrokenClip, probe
from generation.system_words import system_words
from generation.workspace import Workspace

FRAMES = 9
SIDE = 256
"""Pixels of the picture and of the clip: models take no much smaller ones."""


def made_by(choice: Choice, settings: Settings, catalogue: Catalogue) -> float:
    """Seconds that the clip took, the engine's start included.

    Raises `AnimationError`, with the cause as far as the engine said it.
    """
    began = time.monotonic()
    try:
        asyncio.run(_make(choice, settings, catalogue))
    except BrokenClip as error:
        raise OperatorError(f"The clip cannot be played: {error}.") from None
    except OSError as error:
        raise OperatorError(
            f"The temporary folder cannot be used: {system_words(error)}."
        ) from None
    return time.monotonic() - began


async def _make(choice: Choice, settings: Settings, catalogue: Catalogue) -> None:
    with tempfile.TemporaryDirectory(prefix="photoplay-doctor-") as name:
        folder = Path(name)
        picture = folder / "gradient.png"
        picture.write_bytes(gradient(SIDE))
        workspace = Workspace(folder, keep_inputs=0, keep_clips=0)
        child = started_by(choice, settings, workspace)[0]
        async with ClipMaker(settings, child, workspace, catalogue) as maker:
            options = Options(prompt="zoom in", num_frames=FRAMES, size=f"{SIDE}x{SIDE}", seed=1)
            made = await maker.make(picture, options)
        found = probe(made.clip.path)
    if (found.width, found.height, found.frames) != (SIDE, SIDE, FRAMES):
        raise OperatorError(f"The clip is {found.width}×{found.height}, {found.frames} frames.")


def gradient(side: int) -> bytes:
    """A PNG (W3C PNG, section 5), written by hand: nothing in this process knows pictures."""
    rows = b"".join(
        b"\0" + bytes(part for x in range(side) for part in (x & 255, y & 255, 128))
        for y in range(side)
    )
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def camera_alone(settings: Settings) -> Settings:
    """The same settings with the camera engine, which needs nothing but what is shipped."""
    engine = settings.engine.model_copy(update={"name": "camera"})
    return settings.model_copy(update={"engine": engine, "cluster": ClusterSettings()})
