"""Makes the animated pictures of the README; run it from the checkout, with photoplay installed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import av
from PIL import Image

HERE = Path(__file__).parent
SHOTS = (
    ("push-in", "chelsea", "slowly push in", 7),
    ("orbit", "astronaut", "the camera orbits slowly around her to the left", 7),
    ("rain", "astronaut", "it rains, the camera pans slowly to the right", 7),
    ("snow", "chelsea", "snow is falling, slow zoom out", 3),
    ("night", "astronaut", "night falls", 7),
    ("dawn", "chelsea", "dawn breaks, handheld camera", 7),
)
SECONDS, WIDTH, EVERY = "3.4", 320, 2


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, picture, prompt, seed in SHOTS:
            clip = Path(folder) / f"{name}.mp4"
            photoplay = [sys.executable, "-m", "bot", "animate", str(HERE / f"{picture}.png")]
            options = ["--seconds", SECONDS, "--seed", str(seed), "-o", str(clip)]
            subprocess.run([*photoplay, prompt, *options], check=True, cwd=HERE.parent)
            (HERE / f"{name}.mp4").write_bytes(clip.read_bytes())
            animated(clip, HERE / f"{name}.webp")


def animated(clip: Path, target: Path) -> None:
    """Every second frame at 320 pixels' width, as a looping WebP."""
    with av.open(str(clip)) as container:
        frames = [frame.to_image() for frame in container.decode(video=0)][::EVERY]
    height = round(frames[0].height * WIDTH / frames[0].width)
    small = [frame.resize((WIDTH, height), Image.Resampling.LANCZOS) for frame in frames]
    delay = round(1000 * EVERY / 24)
    small[0].save(
        target, save_all=True, append_images=small[1:], duration=delay, loop=0, quality=72
    )


if __name__ == "__main__":
    main()
