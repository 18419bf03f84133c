"""The film's pictures as pieces that are one stream when put behind each other.

A piece is a whole scene, a scene without what it shares with its neighbours, or a crossfade. A
whole scene that is coded like the others is taken as it is: it loses nothing by a second encoding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generation.media import h264
from generation.media.atomic_publish import Publication
from generation.media.ffmpeg import run
from generation.media.joining.film import FilmShape, Fit, Timeline
from generation.media.joining.fitting import fitted
from generation.media.joining.scene_clip import SceneClip, read_scene_clip


@dataclass(frozen=True, slots=True)
class Span:
    """Frames `start` to `end` of a scene of `length`, `end` not among them."""

    source: SceneClip
    length: int
    start: int
    end: int

    @property
    def whole(self) -> bool:
        return (self.start, self.end) == (0, self.length)

    @property
    def frames(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Blend:
    """The end of one scene goes over into the beginning of another; both are equally long."""

    before: Span
    after: Span

    @property
    def frames(self) -> int:
        return self.before.frames


Piece = Span | Blend


def pieces(sources: Sequence[SceneClip], times: Timeline) -> list[Piece]:
    """All of the film, in order."""
    found: list[Piece] = []
    before = (0, *times.fades)
    after = (*times.fades, 0)
    for number, source in enumerate(sources):
        length = times.frames[number]
        fade_in, fade_out = before[number], after[number]
        if fade_in:
            earlier, end = sources[number - 1], times.frames[number - 1]
            leaving = Span(earlier, end, end - fade_in, end)
            found.append(Blend(leaving, Span(source, length, 0, fade_in)))
        found.append(Span(source, length, fade_in, length - fade_out))
    return found


@dataclass(frozen=True, slots=True)
class PieceMaker:
    """Its files are temporary ones of the publication."""

    shape: FilmShape
    fit: Fit
    files: Publication

    def made(self, wanted: Sequence[Piece]) -> list[Path]:
        """A file for each piece, all with the same parameter sets. Raises `EncodingFailed`."""
        kept = [self._kept(piece, number) for number, piece in enumerate(wanted)]
        made = [
            path or self._encoded(piece, number)
            for number, (piece, path) in enumerate(zip(wanted, kept, strict=True))
        ]
        if len({read_scene_clip(path).pictures.configuration for path in made}) == 1:
            return made
        return [
            path if was is None else self._encoded(wanted[number], number)
            for number, (path, was) in enumerate(zip(made, kept, strict=True))
        ]

    def _kept(self, piece: Piece, number: int) -> Path | None:
        match piece:
            case Span(source) if piece.whole and source.is_of(self.shape):
                return self._without_sound(source.clip, number) if source.sounds else source.clip
            case Span() | Blend():
                return None

    def _without_sound(self, clip: Path, number: int) -> Path:
        """Sound begins a little before the pictures, which would come late by that in a list."""
        target = self.files.further(f"pictures-{number}")
        copied = ["-map", "0:v:0", "-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1"]
        run(["-i", f"file:{clip}", *copied, "-f", "mp4"], reads=[clip], writes=target)
        return target

    def _encoded(self, piece: Piece, number: int) -> Path:
        target = self.files.further(f"piece-{number}")
        match piece:
            case Span(source):
                graph, clips = f"{self._frames(piece, 0)}[film]", [source.clip]
            case Blend(before, after):
                clips = [before.source.clip, after.source.clip]
                seconds = piece.frames / self.shape.fps
                fade = f"[a][b]xfade=transition=fade:duration={seconds:.6f}:offset=0"
                trim = f"trim=end_frame={piece.frames},{h264.TAGS}[film]"
                sides = f"{self._frames(before, 0)}[a];{self._frames(after, 1)}[b]"
                graph = f"{sides};{fade},{trim}"
        inputs = [argument for clip in clips for argument in h264.from_clip(clip)]
        output = ["-map", "[film]", "-map_metadata", "-1", "-map_chapters", "-1"]
        pace = ["-filter_complex_threads", "1", "-fps_mode", "passthrough"]
        coding = [*pace, *h264.coding(self.shape.fps, h264.Quality()), "-f", "mp4"]
        run([*inputs, "-filter_complex", graph, *output, *coding], reads=clips, writes=target)
        return target

    def _frames(self, span: Span, number: int) -> str:
        """The frames of a span at the film's size and rate, counted from 0, out of an input."""
        source, shape = span.source, self.shape
        rate = "null"
        if not source.keeps_pace(shape):
            rate = f"fps={shape.fps}:start_time=0,tpad=stop=2:stop_mode=clone"
        chosen = f"trim=start_frame={span.start}:end_frame={span.end}"
        counted = f"settb=1/{shape.fps},setpts=N,fps={shape.fps}"  # xfade wants a rate that is told
        fitting = fitted((source.pictures.width, source.pictures.height), shape, self.fit, number)
        return f"[{number}:v:0]{rate},{chosen},{counted},{fitting},{h264.TAGS}"
