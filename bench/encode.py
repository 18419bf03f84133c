"""Our streaming encoder against diffusers' export_to_video: seconds, memory, likeness, size.

Usage: python bench/encode.py [--grain LEVELS]   (sigma of the film's noise, in levels of 255)
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import argparse
import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import av
import cv2
import numpy as np
import psutil
from numpy.typing import NDArray

from bench.report_parts import judged, machine

WIDTH, HEIGHT, FRAMES, FPS = 704, 480, 161, 24
SHAPE = (FRAMES, HEIGHT, WIDTH, 3)
RAW_MB = FRAMES * HEIGHT * WIDTH * 3 / 1e6
ROUNDS = 3
SAMPLING = 0.004
"""Seconds between two looks at the memory."""

BATCH = 8
"""Frames a call of our encoder, as the engine's stage hands them on."""

LUMA = {"bt709": (0.2126, 0.7152, 0.0722), "bt601": (0.299, 0.587, 0.114)}

Floats = NDArray[np.float32]
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Run:
    """Wall seconds; MB of all processes at the worst moment beyond imports and uint8 frames."""

    seconds: float
    extra_mb: float


@dataclass(frozen=True, slots=True)
class Result:
    """`bytes` of the file, SSIM and PSNR (dB) of its luma against the film before encoding."""

    run: Run
    ssim: float
    psnr: float
    bytes: int


def texture(rng: np.random.Generator, height: int, width: int) -> Floats:
    """Noise whose amplitude falls with frequency, as in photographs; 0-1, three like channels."""
    y = np.fft.fftfreq(height)[:, None]
    x = np.fft.rfftfreq(width)[None, :]
    falling = 1 / np.maximum(np.hypot(y, x), 1 / max(height, width))
    planes = []
    for _ in range(4):
        spectrum = np.fft.rfft2(rng.standard_normal((height, width))) * falling
        plane = np.fft.irfft2(spectrum, s=(height, width))
        planes.append((plane - plane.mean()) / plane.std())
    coloured = [0.85 * planes[0] + 0.5 * plane for plane in planes[1:]]
    return np.clip(0.5 + 0.17 * np.stack(coloured, -1), 0, 1).astype(np.float32)


def film(grain: float) -> Iterator[Floats]:
    """Frames (height, width, 3) of 0-1: a pan with a zoom, a disc that crosses, light that moves.

    Floats between the 256 levels, as a model's decoder leaves them.
    """
    rng = np.random.default_rng(7)
    ground, disc = texture(rng, 640, 960), texture(rng, HEIGHT, WIDTH)[..., ::-1] * 0.8 + 0.2
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    for index in range(FRAMES):
        t = index / (FRAMES - 1)
        zoom = 1.0 + 0.15 * t
        shift = np.array([[1 / zoom, 0, 20 + 120 * t], [0, 1 / zoom, 40 + 40 * t]], np.float32)
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        frame = cv2.warpAffine(ground, shift, (WIDTH, HEIGHT), flags=flags)
        far = np.hypot(x - (80 + 540 * t), y - (240 + 90 * np.sin(6 * t)))
        inside = np.clip(60 - far, 0, 1)[..., None]
        frame = frame * (1 - inside) + disc * inside
        light = 0.75 + 0.35 * np.cos((x / WIDTH - t) * 2.5)[..., None]
        noise = rng.standard_normal(frame.shape, np.float32) * (grain / 255)
        yield np.clip(frame * light + noise, 0, 1).astype(np.float32)


def shoot(folder: Path, grain: float) -> None:
    """The same film as a pipeline returns it, in floats, and as our decoder leaves it, in bytes."""
    floats = np.lib.format.open_memmap(folder / "floats.npy", "w+", np.float32, SHAPE)
    levels = np.lib.format.open_memmap(folder / "levels.npy", "w+", np.uint8, SHAPE)
    for index, frame in enumerate(film(grain)):
        floats[index] = frame
        levels[index] = np.round(frame * 255)


class Watch:
    """The most memory that this process and its ffmpeg hold at once, looked at again and again."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._over = threading.Event()
        self.before = self._resident()
        self.peak = self.before

    def _resident(self) -> int:
        total = int(self._process.memory_info().rss)
        for child in self._process.children(recursive=True):
            try:
                # Between fork and exec a child shows its parent's memory as its own.
                if child.name().startswith("ffmpeg"):
                    total += int(child.memory_info().rss)
            except psutil.Error:  # it ended while we looked
                continue
        return total

    def _look(self) -> None:
        while not self._over.wait(SAMPLING):
            self.peak = max(self.peak, self._resident())

    @contextmanager
    def looking(self) -> Iterator[None]:
        thread = threading.Thread(target=self._look)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()


def ours(folder: Path) -> Run:
    from generation.media.encode import ClipEncoder
    from generation.media.marking import DigitalSource
    from generation.media.recipe import Recipe

    recipe = Recipe(
        photoplay=version("photoplay"),
        prompt="",
        effective_prompt="",
        negative_prompt="",
        motion="auto",
        effect="auto",
        seed=7,
        engine="ltx",
        model="none",
        width=WIDTH,
        height=HEIGHT,
        frames=FRAMES,
        fps=FPS,
        created=datetime.now(UTC),
    )

    def encode(frames: NDArray[np.uint8]) -> None:
        clip, source = folder / "ours.mp4", DigitalSource.TRAINED_ALGORITHMIC_MEDIA
        with ClipEncoder(clip, recipe, source=source, thumbnail=folder / "ours.jpg") as encoder:
            for first in range(0, FRAMES, BATCH):
                encoder.write(frames[first : first + BATCH])
            encoder.finish()

    return measured(lambda: np.load(folder / "levels.npy"), encode)


def theirs(folder: Path) -> Run:
    import_module("imageio.v2")  # what export_to_video would load while the clock runs
    from diffusers.utils.export_utils import export_to_video

    def encode(frames: Floats) -> None:
        export_to_video(list(frames), str(folder / "theirs.mp4"), fps=FPS)

    return measured(lambda: np.load(folder / "floats.npy"), encode)


def measured(load: Callable[[], NDArray[T]], encode: Callable[[NDArray[T]], None]) -> Run:
    """The frames count as they lie in memory; only their 163 MB as bytes are nobody's fault."""
    watch = Watch()
    with watch.looking():
        frames = load()
        began = time.perf_counter()
        encode(frames)
        seconds = time.perf_counter() - began
    return Run(seconds, (watch.peak - watch.before) / 1e6 - RAW_MB)


def in_a_process_of_its_own(name: str, folder: Path) -> Run:
    """The best time and the least memory of a few: what disturbs only ever adds."""
    runs = []
    for _ in range(ROUNDS):
        command = [sys.executable, __file__, "--one", name, "--folder", str(folder)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        runs.append(Run(**json.loads(said.splitlines()[-1])))
    return Run(min(run.seconds for run in runs), min(run.extra_mb for run in runs))


def likeness(clip: Path, floats: NDArray[np.float32]) -> tuple[float, float]:
    """Mean SSIM and PSNR of luma, 0-255, with the matrix that the clip itself was made by."""
    ssims, errors = [], []
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        matrix = "bt709" if int(stream.codec_context.colorspace) == 1 else "bt601"
        weights = np.array(LUMA[matrix], np.float32)
        for index, frame in enumerate(container.decode(stream)):
            plane = frame.to_ndarray()[:HEIGHT].astype(np.float32)
            got = (plane - 16) * (255 / 219)
            due = (floats[index] @ weights) * 255
            ssims.append(ssim(due, got))
            errors.append(float(np.mean((due - got) ** 2)))
    assert len(ssims) == FRAMES, f"{clip.name} has {len(ssims)} frames"
    return float(np.mean(ssims)), float(10 * np.log10(255**2 / np.mean(errors)))


def ssim(a: Floats, b: Floats) -> float:
    """Wang et al. 2004: Gaussian window of 11x11 with sigma 1.5, K1 0.01, K2 0.03, L 255."""
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

    def mean(plane: Floats) -> Floats:
        return cv2.GaussianBlur(plane, (11, 11), 1.5).astype(np.float32)

    mean_a, mean_b = mean(a), mean(b)
    var_a, var_b = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2
    covariance = mean(a * b) - mean_a * mean_b
    alike = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    return float(np.mean(alike / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))))


def result(name: str, folder: Path, floats: NDArray[np.float32]) -> Result:
    run = in_a_process_of_its_own(name, folder)
    clip = folder / f"{name}.mp4"
    return Result(run, *likeness(clip, floats), clip.stat().st_size)


def say(mine: Result, other: Result) -> None:
    print(f"\n{'':<16} {'seconds':>8} {'extra MB':>9} {'SSIM-Y':>7} {'PSNR-Y':>7} {'MB':>6}")
    for label, one in (("photoplay", mine), ("export_to_video", other)):
        print(
            f"{label:<16} {one.run.seconds:>8.2f} {one.run.extra_mb:>9.0f} {one.ssim:>7.4f} "
            f"{one.psnr:>7.2f} {one.bytes / 1e6:>6.2f}"
        )
    faster = other.run.seconds / mine.run.seconds
    memory = mine.run.extra_mb / other.run.extra_mb
    size = mine.bytes / other.bytes
    print()
    print(judged("at least 2x faster", f"{faster:.2f}x", met=faster >= 2))
    print(judged("less than a fifth of the extra memory", f"{memory:.3f}", met=memory < 0.2))
    higher = f"{mine.ssim:.4f} against {other.ssim:.4f}"
    print(judged("higher SSIM", higher, met=mine.ssim > other.ssim))
    print(judged("at most twice the size", f"{size:.2f}x", met=size <= 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grain", type=float, default=1.0)
    parser.add_argument("--one", choices=["ours", "theirs"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        run = ours if arguments.one == "ours" else theirs
        print(json.dumps(asdict(run(arguments.folder))))
        return
    print(f"{FRAMES} frames of {WIDTH}x{HEIGHT} at {FPS} fps, grain of {arguments.grain} levels")
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        shoot(Path(name), arguments.grain)
        floats = np.load(Path(name) / "floats.npy", mmap_mode="r")
        say(result("ours", Path(name), floats), result("theirs", Path(name), floats))


if __name__ == "__main__":
    main()
