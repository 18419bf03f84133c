"""A scene's clip as joining needs to know it: read from its index, nothing decoded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from generation.media.joining.film import FilmShape
from generation.media.mp4_boxes import BrokenClip
from generation.media.mp4_index import Track, read_index


@dataclass(frozen=True, slots=True)
class SceneClip:
    """`pictures` is the track of them; `sounds` says whether there is one that is heard."""

    clip: Path
    pictures: Track
    sounds: bool

    @property
    def fps(self) -> Fraction:
        track = self.pictures
        return Fraction(track.samples * track.timescale, track.ticks)

    @property
    def shape(self) -> FilmShape:
        """Of a film that begins with it: pictures of yuv420p have even sides, rates are whole."""
        width, height = self.pictures.width, self.pictures.height
        return FilmShape(width - width % 2, height - height % 2, max(1, round(self.fps)))

    def keeps_pace(self, shape: FilmShape) -> bool:
        return self.pictures.steady and self.fps == shape.fps

    def is_of(self, shape: FilmShape) -> bool:
        """Whether its pictures can be in such a film as they are."""
        track = self.pictures
        size = (track.width, track.height) == (shape.width, shape.height)
        coded = (track.profile, track.pix_fmt) == ("High", "yuv420p")
        return size and coded and self.keeps_pace(shape)


def read_scene_clip(clip: Path) -> SceneClip:
    """Raises `BrokenClip` where it is no MP4 with moving pictures, `OSError`."""
    tracks = read_index(clip).tracks
    pictures = next((track for track in tracks if track.kind == "vide"), None)
    if pictures is None or not (pictures.samples and pictures.ticks and pictures.timescale):
        raise BrokenClip("it holds no frames")
    return SceneClip(clip, pictures, any(track.kind == "soun" for track in tracks))
