"""A clip and its thumbnail appear under their names complete and durable, or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


class Publication:
    """Owns the temporary files (`.*.part`) beside both targets until `publish` or `discard`.

    `thumbnail` is `None` for a video that has none.
    """

    def __init__(self, clip: Path, thumbnail: Path | None) -> None:
        self.clip = clip.absolute()
        self.thumbnail = None if thumbnail is None else thumbnail.absolute()
        token = secrets.token_hex(4)
        self.video = self.clip.with_name(f".{clip.name}.{token}.video.part")
        self.smaller = self.clip.with_name(f".{clip.name}.{token}.smaller.part")
        self.waves = self.clip.with_name(f".{clip.name}.{token}.waves.part")
        self.sounding = self.clip.with_name(f".{clip.name}.{token}.sounding.part")
        self.signed = self.clip.with_name(f".{clip.name}.{token}.signed.part")
        self.metadata = self.clip.with_name(f".{clip.name}.{token}.recipe.part")
        picture = self.thumbnail or self.clip
        self._picture = picture.with_name(f".{picture.name}.{token}.part")
        self._token = token
        self._further: list[Path] = []
        self._placed: list[Path] = []

    def further(self, role: str) -> Path:
        """One more temporary file beside the clip."""
        path = self.clip.with_name(f".{self.clip.name}.{self._token}.{role}.part")
        self._further.append(path)
        return path

    def publish(self, video: Path, jpeg: bytes | None) -> None:
        """Put `video`, one of the temporary files, and the thumbnail in place, the clip last.

        Each is on the disk before it gets its name, and the name before this returns. Raises
        `OSError`; `discard` then takes back what was placed.
        """
        moves = [(video, self.clip)]
        if self.thumbnail is not None and jpeg is not None:
            self._picture.write_bytes(jpeg)
            moves.insert(0, (self._picture, self.thumbnail))
        for part, target in moves:
            _sync(part)
            os.replace(part, target)
            self._placed.append(target)
        for folder in {target.parent for _, target in moves}:
            _sync(folder)
        self._placed.clear()

    def discard(self) -> None:
        """Delete every file that is not published."""
        videos = (self.video, self.smaller, self.sounding, self.signed)
        parts = (self.waves, self.metadata, self._picture, *self._further)
        for path in (*videos, *parts, *self._placed):
            path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
