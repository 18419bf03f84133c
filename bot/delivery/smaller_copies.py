"""Clips made small enough for a chat that refused them, by a process that knows no secret."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import structlog

from bot.runtime.engine_choice import engine_environment
from generation.bound import command
from generation.errors import GenerationFailed
from generation.images.geometry import MAX_FRAMES
from generation.jobs import Job
from generation.media.provenance import Signer
from generation.printed import last_printed
from generation.workspace import Workspace

log = structlog.get_logger(__name__)

LIMIT = 300.0
"""Seconds for the largest clip on a slow processor; a film has them for each such length."""


class SmallerCopies:
    """Makes one copy at a time: encoding must not take the processor from the engine."""

    def __init__(self, workspace: Workspace, signer: Signer | None = None) -> None:
        self._workspace = workspace
        self._signing = () if signer is None else ("--sign", signer.to_json())
        self._turn = asyncio.Lock()

    async def smaller(self, job: Job, size: int) -> Path:
        """A copy of the job's clip with at most `size` bytes, made once and kept with the clip.

        Raises `GenerationFailed` where there is none that small.
        """
        copy = self._workspace.smaller_clip(job.id, size)
        async with self._turn:
            if not copy.exists():
                frames = MAX_FRAMES if job.clip is None else job.clip.frames
                limit = LIMIT * max(1, frames / MAX_FRAMES)
                await self._make(self._workspace.clip(job.id), copy, size, limit)
        return copy

    async def _make(self, clip: Path, copy: Path, size: int, limit: float) -> None:
        program = [sys.executable, "-P", "-m", "generation.media.shrink"]
        child = await asyncio.create_subprocess_exec(
            *command([*program, str(clip), str(copy), str(size), *self._signing]),
            env=engine_environment(os.environ),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert child.stderr is not None
        try:
            async with asyncio.timeout(limit):
                said = await last_printed(child.stderr)
                await child.wait()
        except TimeoutError:
            said = "it took too long"
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if child.returncode != 0:
            log.warning("clip_not_shrunk", size=size, reason=said[-300:])
            raise GenerationFailed("not_small_enough")
