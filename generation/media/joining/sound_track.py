"""The film's sound: each scene's own at its place, silence where a scene has none."""

from __future__ import annotations

from collections.abc import Sequence

from generation.media.aac import BITRATE
from generation.media.joining.film import Timeline
from generation.media.joining.scene_clip import SceneClip

RATE = 48_000
"""Samples a second of every film with sound, whatever its scenes have."""

SOFT = 0.1
"""Seconds in which a scene's sound comes and goes where it meets no other."""

OUTPUT = ["-c:a", "aac", "-b:a", str(BITRATE), "-ar", str(RATE)]


def sound_graph(sources: Sequence[SceneClip], times: Timeline, fps: int, first: int) -> str | None:
    """Filters that end in `[sound]`, exactly as long as the pictures; `None` for a silent film.

    The scenes that sound are the inputs from `first` on.
    """
    parts: list[str] = []
    fades_in, fades_out = (0, *times.fades), (*times.fades, 0)
    for number, source in enumerate(sources):
        if source.sounds:
            length = _samples(times.frames[number], fps)
            coming = _samples(fades_in[number], fps) or _soft(length)
            going = _samples(fades_out[number], fps) or _soft(length)
            start = _samples(times.starts[number], fps)
            parts.append(
                f"[{first + len(parts)}:a:0]aresample={RATE}"
                f",aformat=sample_fmts=fltp:channel_layouts=stereo"
                f",apad=whole_len={length},atrim=end_sample={length}"
                f",afade=t=in:ss=0:ns={coming},afade=t=out:ss={length - going}:ns={going}"
                f",adelay=delays={start}S:all=1[scene{len(parts)}]"
            )
    if not parts:
        return None
    total = _samples(times.total, fps)
    inputs = "".join(f"[scene{number}]" for number in range(len(parts)))
    mixed = f"{inputs}amix=inputs={len(parts)}:normalize=0:duration=longest"
    return f"{';'.join(parts)};{mixed},apad=whole_len={total},atrim=end_sample={total}[sound]"


def _samples(frames: int, fps: int) -> int:
    return round(frames * RATE / fps)


def _soft(length: int) -> int:
    return min(round(SOFT * RATE), length // 2)
