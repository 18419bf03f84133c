"""A clip as Telegram takes it: with its geometry, or a large one would show as a square."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import telegram

from generation.jobs import Clip


@dataclass(frozen=True, slots=True)
class Upload:
    """`file` is how Telegram keeps it where it was sent before, `keep` remembers that."""

    clip: Clip
    poster: Path
    file: str | None
    keep: Callable[[str], Awaitable[object]]

    def media(self, file: IO[bytes], text: str, *, spoiler: bool) -> telegram.InputMediaVideo:
        clip = self.clip
        return telegram.InputMediaVideo(
            telegram.InputFile(file, "photoplay.mp4", attach=True, read_file_handle=False),
            caption=text,
            width=clip.width,
            height=clip.height,
            duration=round(clip.frames / clip.fps),
            supports_streaming=True,
            has_spoiler=spoiler or None,
            thumbnail=self.poster.read_bytes() if self.poster.exists() else None,
        )
