"""Turns frames into the clip that people get, while they come: never more than a few in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from generation.jobs import Clip
from generation.media import h264
from generation.media.atomic_publish import Publication
from generation.media.errors import DiskFull, EncoderKilled, EncodingFailed, encoding_failure
from generation.media.ffmpeg import Ffmpeg
from generation.media.frames import Frames
from generation.media.marking import DigitalSource, mark, marking, source_of
from generation.media.probe import BrokenClip, probe
from generation.media.provenance import Signer, room_for, sign
from generation.media.recipe import Recipe
from generation.media.sound import Sound, join, track_bytes, write_wave
from generation.media.thumbnail import thumbnail as thumbnail_of

__all__ = ["ClipEncoder", "DiskFull", "EncoderKilled", "EncodingFailed"]


class ClipEncoder:
    """Streams one clip into ffmpeg; what it writes appears under its names complete or never.

    Sizes, rate and number of frames are those of the recipe. Use it as a context manager, or end
    it with `finish` or `abort`. `write` and `finish` belong to one thread, `abort` to any.

    Until the end, temporary files named `.*.part` lie beside the clip and beside the thumbnail; a
    killed process leaves them to the workspace's sweep.
    """

    def __init__(
        self,
        target: Path,
        recipe: Recipe,
        *,
        source: DigitalSource,
        thumbnail: Path,
        sound: Sound | None = None,
        size_cap: int | None = None,
        signer: Signer | None = None,
    ) -> None:
        """Start ffmpeg; both folders exist. `size_cap` is the most bytes the MP4 may have.

        `sound` is cut to the length of the pictures, or ends in silence. `signer` signs
        the complete clip.

        Raises `ValueError` for a recipe that describes no clip, `EncodingFailed` (of which
        `DiskFull` is one) where ffmpeg or the folder fails.
        """
        _check_encodable(recipe)
        self._recipe = recipe
        self._comment = recipe.to_json()
        self._source = source
        self._sound = sound
        self._size_cap = size_cap
        self._signer = signer
        self._files = Publication(target, thumbnail)
        self._around = self._marks_bytes()
        self._written = 0
        self._poster: bytes | None = None
        self._open = True
        self._using = threading.RLock()
        self._ffmpeg: Ffmpeg | None = None
        with self._all_or_nothing():
            self._files.metadata.write_text(h264.ffmetadata(self._comment), encoding="utf-8")
            pixels = h264.from_rgb(recipe.width, recipe.height, recipe.fps)
            filters = f"{h264.TO_BT709},{h264.TAGS}"
            self._start(pixels, [], self._files.video, h264.Quality(rate=self._rate()), filters)

    def write(self, frames: Frames) -> None:
        """Hand on the next frames, any number, of shape (n, height, width, 3), RGB, 0-255.

        Blocks while ffmpeg is busy. Raises `ValueError` for another shape or more frames than the
        recipe has, `EncodingFailed` where ffmpeg has died; both abort.
        """
        with self._all_or_nothing():
            self._check(frames)
            for frame in frames:
                self._write_frame(np.ascontiguousarray(frame))

    def finish(self) -> Clip:
        """Complete, check and publish the clip and its thumbnail, durably: a power cut spares them.

        Raises `ValueError` where frames are missing, `EncodingFailed` where the clip is not as
        asked, can't be brought under the size cap, signed or written; all abort.
        """
        with self._all_or_nothing():
            if self._written != self._recipe.frames:
                raise ValueError(f"{self._written} frames came of {self._recipe.frames}")
            self._ended()
            video = self._with_sound(self._within_cap())
            mark(video, self._source)
            video = self._signed(video)
            self._compare(video)
            size = video.stat().st_size
            assert self._poster is not None
            self._files.publish(video, self._poster)
            self._open = False
            self._files.discard()
        asked = self._recipe
        shape = (asked.width, asked.height, asked.frames, asked.fps)
        return Clip(self._files.clip, *shape, asked.seed, size)

    def abort(self) -> None:
        """Kill ffmpeg and leave no file; without effect after the end.

        A `write` or `finish` under way in another thread then raises `EncodingFailed`, unless the
        clip is complete already: it stays.
        """
        if self._open and self._ffmpeg is not None:
            self._ffmpeg.kill()  # before the lock: it wakes a writer that is blocked under it
        with self._using:
            if self._open:
                self._open = False
                if self._ffmpeg is not None:
                    self._ffmpeg.close()
                self._files.discard()

    def __enter__(self) -> ClipEncoder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.abort()

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        with self._using:
            if not self._open:
                raise EncodingFailed("ended")
            try:
                yield
            except (OSError, BrokenClip) as error:
                self.abort()
                raise encoding_failure(str(error)) from error
            except BaseException:
                self.abort()
                raise

    def _start(
        self, source: list[str], reads: list[Path], to: Path, quality: h264.Quality, filters: str
    ) -> None:
        metadata = self._files.metadata
        output = h264.to_clip(metadata, self._recipe.fps, quality, filters)
        self._ffmpeg = Ffmpeg([*source, *output], reads=[*reads, metadata], writes=to)

    def _check(self, frames: Frames) -> None:
        shape = (len(frames), self._recipe.height, self._recipe.width, 3)
        if frames.shape != shape or frames.dtype != np.uint8:
            raise ValueError(f"{frames.dtype} {frames.shape} came where uint8 {shape} was due")
        if self._written + len(frames) > self._recipe.frames:
            raise ValueError(f"more than the {self._recipe.frames} frames due came")

    def _write_frame(self, frame: NDArray[np.uint8]) -> None:
        assert self._ffmpeg is not None
        if self._poster is None:
            self._poster = thumbnail_of(frame)
        self._ffmpeg.feed(frame.data.cast("B"))
        self._written += 1

    def _rate(self) -> int | None:
        if self._size_cap is None:
            return None
        # Next to the pictures: recipe, marks, and the index of 24 bytes a frame and 2 kB.
        around = len(self._comment.encode()) + self._around + 2_000
        room = self._size_cap - around - 24 * self._recipe.frames - self._sound_bytes()
        return h264.rate_within(room, self._seconds())

    def _seconds(self) -> float:
        return self._recipe.frames / self._recipe.fps

    def _sound_bytes(self) -> int:
        return track_bytes(self._seconds()) if self._sound is not None else 0

    def _with_sound(self, video: Path) -> Path:
        if self._sound is None:
            return video
        write_wave(self._files.waves, self._sound, self._seconds())
        join(video, self._files.waves, self._files.sounding, self._sound.rate)
        return self._files.sounding

    def _marks_bytes(self) -> int:
        """The most that the mark and the signature take, as far as a size cap needs to know."""
        mark_bytes = len(marking(self._source))
        if self._signer is None or self._size_cap is None:
            return mark_bytes
        return mark_bytes + room_for(self._signer, self._source, self._files.clip.name)

    def _signed(self, video: Path) -> Path:
        if self._signer is None:
            return video
        title = self._files.clip.name
        sign(video, self._files.signed, self._signer, source=self._source, title=title)
        size = self._files.signed.stat().st_size
        if self._size_cap is not None and size > self._size_cap:
            raise encoding_failure(f"signed, it has {size} bytes of {self._size_cap}")
        return self._files.signed

    def _within_cap(self) -> Path:
        rate = self._rate()
        if self._size_cap is None or rate is None:
            return self._files.video
        room = self._size_cap - self._around - self._sound_bytes()
        if self._files.video.stat().st_size <= room:
            return self._files.video
        for quality in h264.lower_qualities(rate):
            video, smaller = self._files.video, self._files.smaller
            self._start(h264.from_clip(video), [video], smaller, quality, h264.TAGS)
            self._ended()
            if self._files.smaller.stat().st_size <= room:
                return self._files.smaller
        raise encoding_failure(f"it cannot be brought under {self._size_cap} bytes")

    def _ended(self) -> None:
        assert self._ffmpeg is not None
        self._ffmpeg.finish()

    def _compare(self, video: Path) -> None:
        got, recipe = probe(video), self._recipe
        wrong = [
            f"{name} is {found!r}, not {due!r}"
            for name, found, due in (
                ("size", (got.width, got.height), (recipe.width, recipe.height)),
                ("frames", got.frames, recipe.frames),
                ("fps", got.fps, recipe.fps),
                ("format", (got.codec, got.profile, got.pix_fmt), ("h264", "High", "yuv420p")),
                ("recipe intact", got.comment == self._comment, True),  # prompts stay out of logs
                ("mark", source_of(video), self._source),
                ("moov first", got.moov_first, True),
                ("audio", got.has_audio, self._sound is not None),
            )
            if found != due
        ]
        if wrong:
            raise encoding_failure("; ".join(wrong))


def _check_encodable(recipe: Recipe) -> None:
    if recipe.width % 2 or recipe.height % 2 or min(recipe.width, recipe.height) < 2:
        raise ValueError(f"{recipe.width}×{recipe.height}: yuv420p needs even sides")
    if recipe.fps < 1 or recipe.frames < 1:
        raise ValueError(f"{recipe.frames} frames at {recipe.fps} a second are no clip")
