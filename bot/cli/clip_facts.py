"""What `--json` says of a clip that was made, for programs."""

from __future__ import annotations

from generation.jobs import Clip


def clip_facts(clip: Clip, path: str, elapsed: float, engine: str) -> dict[str, object]:
    return {
        "path": path,
        "width": clip.width,
        "height": clip.height,
        "frames": clip.frames,
        "fps": clip.fps,
        "seconds": round(clip.frames / clip.fps, 3),
        "seed": clip.seed,
        "engine": engine,
        "bytes": clip.size,
        "elapsed": round(elapsed, 2),
    }
