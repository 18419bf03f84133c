"""How long a picture takes from its bytes to its place in the workspace, by kind and size.

Beside it Pillow alone, in this process and kept nowhere: the same bytes decoded and scaled down to
the same side. On a machine that is busy the ratio of the two says more than the seconds.

Usage: python bench/pictures.py   (seconds are the best of three)
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import asyncio
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from bench.report_parts import judged, machine
from generation.images.intake import PictureIntake
from generation.images.limits import LONG_SIDE
from generation.images.opening import prepare
from generation.images.stored_png import write_png

SIZES = {"2 MP": (1632, 1224), "12 MP": (4000, 3000), "48 MP": (8000, 6000)}
FORMATS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92},
    "PNG": {"compress_level": 4},
    "HEIF": {"quality": 70, "enc_params": {"preset": "ultrafast"}},
}
MAX_BYTES = 25_000_000
ROUNDS = 3
GOAL = 1.0
"""Seconds for a JPEG of 12 megapixels on two quiet cores."""

MEASURED = """
import sys
from generation.images import decoder
status = open("/proc/self/status")  # afterwards it can open nothing
code = decoder.main()
sys.stderr.write(status.read())
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds until it lies there, and by Pillow alone; MB of the child, the file, the result."""

    kind: str
    size: str
    seconds: float
    pillow_seconds: float
    memory_mb: float
    file_mb: float
    result_mb: float


def photograph(width: int, height: int) -> Image.Image:
    """Detail at every scale and a little grain, as a phone's sensor gives it."""
    rng = np.random.default_rng(5)
    picture = np.zeros((height, width, 3), np.float32)
    for cells in (4, 16, 64, 256):
        coarse = rng.normal(0, 60 / cells**0.35, (cells, cells, 3)).astype(np.float32)
        picture += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    picture += rng.normal(0, 2, (height, width, 1)).astype(np.float32)
    return Image.fromarray(np.clip(picture + 128, 0, 255).astype(np.uint8))


def encoded(picture: Image.Image, file_format: str) -> bytes:
    file = BytesIO()
    picture.save(file, file_format, **FORMATS[file_format])
    return file.getvalue()


def peak_mb(data: bytes) -> float:
    """The most memory that the decoder used at a time."""
    child = subprocess.run(
        [sys.executable, "-P", "-c", MEASURED],
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"},
        input=json.dumps({"bytes": len(data)}).encode() + b"\n" + data,
        capture_output=True,
        check=True,
    )
    found = re.search(rb"VmHWM:\s*(\d+) kB", child.stderr)
    assert found
    return int(found[1]) / 1000


def by_pillow(data: bytes) -> float:
    """Seconds to decode and to scale down, without a child, a check or a file."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with Image.open(BytesIO(data)) as opened:
            picture = opened.convert("RGB")
        picture.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=None)
        times.append(time.perf_counter() - began)
    return min(times)


async def measured(data: bytes, kind: str, size: str) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        intake = PictureIntake()
        await intake.start()
        times = []
        for _ in range(ROUNDS):
            await asyncio.sleep(1.0)  # the next child has loaded its libraries
            began = time.perf_counter()
            picture = await intake.take(data, Path(folder))
            times.append(time.perf_counter() - began)
        await intake.close()
        result = (Path(folder) / picture.name).stat().st_size
    megabytes = peak_mb(data), len(data) / 1e6, result / 1e6
    return Result(kind, size, min(times), by_pillow(data), *megabytes)


def handed_over() -> dict[str, tuple[float, float, float]]:
    """Ways to hand 2,560 × 1,920 pixels on: seconds to write, seconds to read, MB."""
    picture = photograph(LONG_SIDE, LONG_SIDE * 3 // 4)
    ways: dict[str, Callable[[Path], None]] = {
        "compressed.png": lambda path: picture.save(path, compress_level=1),
        "stored.png": lambda path: write_png(path, *picture.size, picture.tobytes()),
        "plain.ppm": lambda path: picture.save(path),
        "lossy.jpg": lambda path: picture.save(path, quality=98, subsampling=0),
    }
    found = dict[str, tuple[float, float, float]]()
    with tempfile.TemporaryDirectory() as folder:
        for name, write in ways.items():
            path = Path(folder) / name
            began = time.perf_counter()
            write(path)
            written = time.perf_counter()
            assert cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) is not None
            read = time.perf_counter() - written
            found[name] = (written - began, read, path.stat().st_size / 1e6)
    return found


def row(result: Result) -> str:
    return (
        f"{result.kind:<6}{result.size:>7}{result.file_mb:>10.1f}{result.seconds:>10.2f}"
        f"{result.pillow_seconds:>10.2f}{result.seconds / result.pillow_seconds:>7.1f}"
        f"{result.memory_mb:>11.0f}{result.result_mb:>11.1f}"
    )


async def accepted() -> list[Result]:
    print(
        f"{'kind':<6}{'size':>7}{'file MB':>10}{'seconds':>10}{'Pillow s':>10}{'ratio':>7}"
        f"{'memory MB':>11}{'result MB':>11}"
    )
    results = []
    for size, (width, height) in SIZES.items():
        picture = photograph(width, height)
        for file_format in FORMATS:
            data = encoded(picture, file_format)
            if len(data) > MAX_BYTES:
                print(f"{file_format:<6}{size:>7}{len(data) / 1e6:>10.1f}  more than is taken")
                continue
            results.append(await measured(data, file_format, size))
            print(row(results[-1]), flush=True)
    return results


async def main() -> None:
    prepare()
    print("pictures:", machine())
    results = await accepted()
    print("\nhand-over of 2,560 × 1,920 pixels       write s   read s       MB")
    ways = handed_over()
    for name, (write, read, size_mb) in ways.items():
        print(f"{name:<38}{write:>9.3f}{read:>9.3f}{size_mb:>9.1f}")
    jpeg = next(r for r in results if (r.kind, r.size) == ("JPEG", "12 MP"))
    goal = f"a JPEG of 12 megapixels is accepted in under {GOAL:.0f} s"
    print("\n" + judged(goal, f"{jpeg.seconds:.2f} s", met=jpeg.seconds < GOAL))
    print(json.dumps({"results": [asdict(result) for result in results], "hand_over": ways}))


if __name__ == "__main__":
    asyncio.run(main())
