"""What a scene begins with that goes on from another: the last frame of the one before it."""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path

import structlog

from generation.errors import GenerationFailed
from generation.events import Failed
from generation.jobs import Job, JobStatus
from generation.store.films import Films
from generation.workspace import Workspace

log = structlog.get_logger(__name__)


class Beginnings:
    def __init__(self, films: Films, workspace: Workspace) -> None:
        self._films = films
        self._workspace = workspace

    async def find(self, job: Job) -> Failed | None:
        """Put the picture in place that this scene was queued without; why not, where none is left.

        It is what the nearest scene before it that was made ends with; where none was, the nearest
        picture of theirs.
        """
        target = self._workspace.input(job.request.image)
        if job.after is None or target.exists():
            return None
        before = await self._films.before(job.id)
        for scene in before:
            if scene.status is JobStatus.SUCCEEDED and scene.clip is not None:
                picture = await asyncio.to_thread(_last_frame, scene.clip.path)
                if picture is not None:
                    await asyncio.to_thread(_keep, picture, target)
                    return None
        for scene in before:
            source = self._workspace.input(scene.request.image)
            if source.is_file():
                await asyncio.to_thread(_keep, await asyncio.to_thread(source.read_bytes), target)
                return None
        return Failed("generation_failed", "picture_gone")


def _last_frame(clip: Path) -> bytes | None:
    from generation.media.stills import last_frame  # loads ffmpeg, which few need

    try:
        return last_frame(clip) if clip.is_file() else None
    except GenerationFailed as error:
        log.warning("last_frame_unreadable", reason=error.reason)
        return None


def _keep(picture: bytes, target: Path) -> None:
    """Whole or not at all; after a power cut it is taken again, from the same clip."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    part.write_bytes(picture)
    os.replace(part, target)
