"""At which frames a clip shows the pictures beside its first one."""

from __future__ import annotations

from bot.submission.options import ExtraPictures, Options
from generation.errors import UnsupportedOption
from generation.images.geometry import forth_of


def moments_of(extra: ExtraPictures, options: Options, frames: int, fps: int) -> list[int]:
    """Of the keyframes, which a boomerang passes on its way forth; raises `UnsupportedOption`."""
    forth = forth_of(frames) if options.boomerang else frames
    moments = [_moment(keyframe.at, forth, fps) for keyframe in extra.keyframes]
    ends = extra.end is not None or (options.loop and not options.boomerang)
    taken = [*moments, forth - 1] if ends else moments
    if len(set(taken)) < len(taken):
        raise UnsupportedOption("same_moment", "keyframes")
    return moments


def _moment(at: float, frames: int, fps: int) -> int:
    """The frame that is shown `at` seconds; the first is the picture itself."""
    frame = round(at * fps) if 0 < at < frames else 0
    if not 0 < frame < frames:
        length = (frames - 1) * 10 // fps / 10  # never rounded up to what is refused
        raise UnsupportedOption("outside_clip", "keyframes", most=length)
    return frame
