"""The camera engine against still-motion and ffmpeg's zoompan: same picture, size, codec and CRF.

Usage: python bench/camera.py [PICTURE]
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import asyncio
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import cv2
import imageio_ffmpeg
import numpy as np
from still_motion import KenBurns, RenderConfig

from generation.directions.vocabulary import Effect, Motion
from generation.engine.process import EngineProcess
from generation.engine.protocol import Animation, Done
from generation.events import PhaseName
from generation.jobs import AnimationRequest
from generation.pipelines.camera.capabilities import CAPABILITIES

WIDTH, HEIGHT, FRAMES, FPS, CRF = 704, 480, 121, 24, 21
SECONDS = FRAMES / FPS
ZOOM = 1.15
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
PHOTOGRAPH = Path(__file__).parents[1] / "tests" / "data" / "pictures" / "astronaut.png"


@dataclass(frozen=True)
class Peer:
    """One program's plain pan: wall seconds and roughness in pixels."""

    name: str
    seconds: float
    roughness: float


def timed(make: Callable[[], object], rounds: int = 3) -> float:
    """The best of a few: what the program costs when nothing else disturbs it."""
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        make()
        best = min(best, time.perf_counter() - began)
    return best


def roughness(clip: Path) -> float:
    """RMS deviation in pixels of the tracked position from a smooth curve, mid-clip.

    Positions are summed displacements between consecutive frames (phase correlation of a
    384x256 window); the curve is a cubic fitted to the middle 60 % of the clip.
    """
    with av.open(str(clip)) as container:
        greys = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    window = (slice(112, 368), slice(160, 544))
    hann = cv2.createHanningWindow((384, 256), cv2.CV_32F)
    steps = [
        cv2.phaseCorrelate(a[window].astype(np.float32), b[window].astype(np.float32), hann)[0][0]
        for a, b in pairwise(greys)
    ]
    position = np.cumsum(steps)[len(steps) // 5 : -len(steps) // 5]
    index = np.arange(len(position))
    ideal = np.polyval(np.polyfit(index, position, 3), index)
    return float(np.sqrt(np.mean((position - ideal) ** 2)))


def encoding_alone(clip: Path) -> float:
    """Seconds that x264 takes for the same frames, made beforehand: nobody can be faster."""
    with av.open(str(clip)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    raw = ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{WIDTH}x{HEIGHT}"]
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(CRF), "-pix_fmt", "yuv420p"]
    command = [FFMPEG, "-v", "error", *raw, "-framerate", str(FPS), "-i", "pipe:0", *codec]
    pixels = np.stack(frames).tobytes()
    return timed(
        lambda: subprocess.run(
            [*command, "-threads", "2", "-f", "null", "-"], input=pixels, check=True
        )
    )


def with_still_motion(picture: Path, clip: Path) -> None:
    clip.unlink(missing_ok=True)  # it does not overwrite, and does not say so
    config = RenderConfig(
        width=WIDTH, height=HEIGHT, fps=FPS, crf=CRF, preset="veryfast", ffmpeg_binary=FFMPEG
    )
    KenBurns(
        image=picture,
        duration=SECONDS,
        width=WIDTH,
        height=HEIGHT,
        fps=FPS,
        zoom_start=ZOOM,
        zoom_end=ZOOM,
        focus=(0.51, 0.5),  # further left its formula never starts to move
        focus_end=(0.6, 0.5),
        easing="linear",
    ).render(clip, config=config)


def with_zoompan(picture: Path, clip: Path) -> None:
    """ffmpeg alone, the usual advice: four times the size first, since zoompan steps in pixels."""
    big = f"{WIDTH * 4}:{HEIGHT * 4}"
    pan = f"z={ZOOM}:x='(iw-iw/zoom)*on/{FRAMES}':y='(ih-ih/zoom)/2'"
    filters = (
        f"scale={big}:force_original_aspect_ratio=increase,crop={big},"
        f"zoompan={pan}:d={FRAMES}:s={WIDTH}x{HEIGHT}:fps={FPS}"
    )
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(CRF), "-pix_fmt", "yuv420p"]
    command = [FFMPEG, "-v", "error", "-y", "-i", str(picture), "-vf", filters, *codec]
    subprocess.run([*command, "-threads", "2", str(clip)], check=True)


class Camera:
    """Our engine as the program runs it: a warm child process."""

    def __init__(self, picture: Path, folder: Path) -> None:
        self._picture = picture
        self._folder = folder
        self._count = 0
        self._engine = EngineProcess(
            [sys.executable, "-m", "generation.child", "camera"],
            capabilities=CAPABILITIES,
            deadlines=dict.fromkeys(PhaseName, 120.0),
            environment={"PATH": os.environ["PATH"]},
        )

    async def start(self) -> None:
        await self._engine.start()

    async def close(self) -> None:
        await self._engine.close()

    async def clip(self, motion: Motion, effect: Effect = Effect.AUTO) -> Path:
        self._count += 1
        clip = self._folder / f"ours-{self._count}.mp4"
        request = AnimationRequest(
            "", "", WIDTH, HEIGHT, FRAMES, FPS, seed=7, motion=motion, effect=effect
        )
        files = self._picture, clip, clip.with_suffix(".jpg")
        async with aclosing(
            self._engine.animate(Animation(f"job-{self._count}", 1, request, *files))
        ) as reports:
            outcome = [report async for report in reports][-1]
        assert isinstance(outcome, Done), outcome
        return clip

    async def seconds(self, motion: Motion, effect: Effect = Effect.AUTO) -> float:
        best = float("inf")
        for _ in range(2):
            began = time.perf_counter()
            await self.clip(motion, effect)
            best = min(best, time.perf_counter() - began)
        return best

    @property
    def peak_mb(self) -> float:
        """The most the child ever had resident (VmHWM), in MB."""
        status = Path(f"/proc/{self._engine.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1000


async def main() -> None:
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else PHOTOGRAPH
    print(f"{picture.name} → {WIDTH}x{HEIGHT}, {FRAMES} frames at {FPS} fps = {SECONDS:.2f} s")
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        camera = Camera(picture, folder)
        await camera.start()
        try:
            await compare(camera, picture, folder)
            await every_move_and_effect(camera)
            print(f"peak memory of the engine's process: {camera.peak_mb:.0f} MB")
        finally:
            await camera.close()


async def compare(camera: Camera, picture: Path, folder: Path) -> None:
    ours = await camera.seconds(Motion.PAN_RIGHT)
    peers = [Peer("photoplay", ours, roughness(await camera.clip(Motion.PAN_RIGHT)))]
    for label, make in (("still-motion", with_still_motion), ("zoompan 4x", with_zoompan)):
        clip = folder / f"{label.replace(' ', '-')}.mp4"
        seconds = timed(lambda make=make, clip=clip: make(picture, clip), rounds=2)  # type: ignore[misc]
        peers.append(Peer(label, seconds, roughness(clip)))
    print(f"\n{'a plain pan':<14} {'seconds':>8} {'ours is':>9} {'roughness px':>13}")
    for peer in peers:
        print(
            f"{peer.name:<14} {peer.seconds:>8.2f} {peer.seconds / ours:>8.1f}x "
            f"{peer.roughness:>13.3f}"
        )
    alone = encoding_alone(await camera.clip(Motion.PAN_RIGHT))
    limit = peers[1].seconds / alone
    print(f"x264 alone     {alone:>8.2f}: whatever renders, at most {limit:.1f}x still-motion")


async def every_move_and_effect(camera: Camera) -> None:
    print(f"\n{'move or effect':<14} {'seconds':>8} {'of the clip':>12}")
    for motion in sorted(CAPABILITIES.motions):
        seconds = await camera.seconds(motion)
        print(f"{motion:<14} {seconds:>8.2f} {seconds / SECONDS:>11.0%}")
    for effect in sorted(CAPABILITIES.effects):
        seconds = await camera.seconds(Motion.PAN_RIGHT, effect)
        print(f"{effect:<14} {seconds:>8.2f} {seconds / SECONDS:>11.0%}")


if __name__ == "__main__":
    asyncio.run(main())
