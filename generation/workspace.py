"""Where files live and when they go: pictures in `inputs/`, results in `clips/`."""

from __future__ import annotations

import filecmp
import math
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from generation.errors import Misconfigured, QueueFull
from generation.system_words import system_words

RESERVE = 200 * 2**20
"""Free bytes under which nothing new is accepted: what is queued must still find room."""

TO_BEGIN = 64 * 2**20
"""Free bytes under which no clip is begun: the largest, with its copies, needs about so much."""

SLACK = 60.0
"""Seconds by which a file may be ahead of the clock; a leap beyond that is a clock put right."""

HELD = 86400.0
"""Seconds for which nothing is deleted after the clock has leapt ahead: it may be wrong."""

ABANDONED = 3600.0
"""Seconds after which a temporary file belongs to nobody: no picture or clip takes that long."""


@dataclass(frozen=True, slots=True)
class Swept:
    inputs: int
    clips: int


def since_boot() -> float:
    """Seconds that nobody can set, counted also while the machine sleeps where it knows them."""
    kind = time.CLOCK_BOOTTIME if sys.platform == "linux" else time.CLOCK_MONOTONIC
    return time.clock_gettime(kind)


class Workspace:
    """The data folder; file names are ids, so that nothing a person typed becomes a path."""

    def __init__(
        self,
        folder: Path,
        *,
        keep_inputs: float,
        keep_clips: float,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = since_boot,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self.folder = folder
        self.inputs = folder / "inputs"
        self.clips = folder / "clips"
        self.keep_clips = keep_clips
        self.keep_inputs = keep_inputs
        self._clock = clock
        self._steady = steady
        self._ahead = clock() - steady()
        self._held_until = -math.inf
        self._free_bytes = free_bytes

    def create(self) -> None:
        """Raises `Misconfigured` where the folder cannot be written."""
        try:
            for folder in self._folders():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.folder / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise Misconfigured(f"data_dir cannot be written: {system_words(error)}.") from None

    def input(self, name: str) -> Path:
        return self.inputs / name

    def clip(self, job_id: str) -> Path:
        return self.clips / f"{job_id}.mp4"

    def is_clip(self, job_id: str, content: bytes | Path) -> bool:
        """Whether this is the very file that was made for a job and is still kept."""
        clip = self.clip(job_id)
        if not clip.exists():
            return False
        if isinstance(content, Path):
            return filecmp.cmp(clip, content, shallow=False)
        return clip.read_bytes() == content

    def thumbnail(self, job_id: str) -> Path:
        return self.clips / f"{job_id}.jpg"

    def smaller_clip(self, job_id: str, size: int) -> Path:
        """Where a copy of at most `size` bytes lies, if one was made."""
        return self.clips / f"{job_id}.{size}.mp4"

    def duplicate(self, source: Path) -> str:
        """A second name in `inputs/` for a picture or clip, so that each has its own lifetime.

        Raises `FileNotFoundError`. The file keeps its age: what was sent goes when it would have.
        """
        name = f"{secrets.token_hex(16)}{source.suffix}"
        os.link(source, self.inputs / name)
        folder = os.open(self.inputs, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name

    def remove_input(self, name: str) -> None:
        self.input(name).unlink(missing_ok=True)

    def remove_inputs(self, names: Iterable[str]) -> None:
        for name in names:
            self.remove_input(name)

    def remove_clip(self, job_id: str) -> None:
        for path in self.clips.glob(f"{job_id}.*"):
            path.unlink(missing_ok=True)

    def check_room(self) -> None:
        """Raises `QueueFull` while the disk is nearly full."""
        if self._free_bytes(self.folder) < RESERVE:
            raise QueueFull("disk_low")

    def has_room(self) -> bool:
        """Whether a clip that is begun now will find its place."""
        return self._free_bytes(self.folder) >= TO_BEGIN

    def sweep(self, needed: Collection[str], clips_of: Collection[str] = ()) -> Swept:
        """Delete what has outlived its time; `needed` inputs stay however old they are.

        So do the clips of the jobs `clips_of`.
        """
        if self._leapt():
            return Swept(0, 0)
        inputs = [path for path in self.inputs.iterdir() if path.name not in needed]
        clips = [path for path in self.clips.iterdir() if path.stem not in clips_of]
        return Swept(
            inputs=self._delete_older(inputs, self.keep_inputs),
            clips=self._delete_older(clips, self.keep_clips),
        )

    def remove_leftovers(self, owned: Collection[str]) -> int:
        """What a dead process has left: unfinished files, and pictures that no job names.

        Only while nobody else works in this folder.
        """
        unfinished = [path for folder in self._folders() for path in folder.glob(".*")]
        unowned = [path for path in self.inputs.iterdir() if path.name not in owned]
        files = [path for path in {*unfinished, *unowned} if path.is_file()]
        for path in files:
            path.unlink(missing_ok=True)
        return len(files)

    def _folders(self) -> tuple[Path, Path, Path]:
        return self.folder, self.inputs, self.clips

    def _leapt(self) -> bool:
        """Whether the clock has lately run ahead of the time that passed: it may be wrong."""
        ahead, before = self._clock() - self._steady(), self._ahead
        self._ahead = ahead
        if ahead > before + ABANDONED:
            self._held_until = self._steady() + HELD
        elif ahead < before - ABANDONED:  # it was put back
            self._held_until = -math.inf
        return self._steady() < self._held_until

    def _delete_older(self, paths: Collection[Path], keep: float) -> int:
        deleted, now = 0, self._clock()
        for path in paths:
            limit = keep if path.suffix in {".png", ".mp4", ".jpg"} else min(keep, ABANDONED)
            age = now - path.stat().st_mtime
            if age < -SLACK:  # from a future that turned out wrong: its time begins now
                os.utime(path, (now, now))
            elif age > limit:
                path.unlink(missing_ok=True)
                deleted += 1
        return deleted
