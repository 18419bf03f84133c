"""LTX-Video 2B on a GPU: our way against the library's own snippet and against the hardware.

Usage: python bench/ltx_gpu.py [--frames] [--budget SECONDS] [--tiny]
  --frames   stop at RGB frames: needs neither av nor ffmpeg nor an installed photoplay
  --budget   begin no further variant once so many seconds are over; the first matter most
  --tiny     (or no GPU) a model of a megabyte, on the CPU: to see that the script runs

Random weights may hold still, for which ours would try again: its judge looks, but is overruled.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # and not this file's folder, where queue.py hides the standard module

import argparse
import json
import os
import subprocess
import tempfile
import time
from dataclasses import asdict

from bench.ltx_gpu_parts import (
    DISTILLED,
    GUIDED,
    PEAK,
    Measured,
    Size,
    Variant,
    full_size,
    quieten,
    tiny,
)
from bench.ltx_gpu_runs import measured
from bench.report_parts import judged, machine
from generation.pipelines.ltx.guidance import Guiding

VARIANTS = (
    Variant("ours, 50 steps", GUIDED, ours=True, compiled=True),
    Variant("snippet, 50 steps", GUIDED, ours=False),
    Variant("ours, distilled", DISTILLED, ours=True, compiled=True),
    Variant("  50 steps, no cuDNN", GUIDED, ours=True, compiled=True, fast_attention=False),
    Variant("  50 steps, eager", GUIDED, ours=True),
    Variant("  distilled, eager", DISTILLED, ours=True),
    Variant("  50 steps, fp8", GUIDED, ours=True, compiled=True, fp8=True),
    Variant("  50 steps, interval", GUIDED, ours=True, guidance=Guiding.INTERVAL),
    Variant("  50 steps, authors'", GUIDED, ours=True, guidance=Guiding.AUTHORS),
    Variant("  50 steps, levels once", GUIDED, ours=True, distinct_levels=True),
    Variant("  distilled, fp8", DISTILLED, ours=True, compiled=True, fp8=True),
)
"""In the order in which they matter, for a machine that is lent for minutes."""

LEAST = 20.0
"""Seconds under which no further variant is begun."""

OF_FLOOR, THAN_SNIPPET, DISTILLED_SECONDS = 1.7, 1.5, 1.2
"""The goals: 50 steps in so many times the floor, so many times as fast as the snippet, and a
distilled clip to RGB frames in so many seconds.
"""


def in_a_process_of_its_own(
    index: int, folder: Path, arguments: argparse.Namespace, left: float
) -> Measured | str:
    """What one variant printed, or the last line of why it failed: the others go on."""
    command = [sys.executable, __file__, "--one", str(index), "--folder", str(folder)]
    command += ["--frames"] if arguments.frames else []
    command += ["--tiny"] if arguments.tiny else []
    environ = {**os.environ, "HF_HOME": str(folder / "home"), "HF_HUB_OFFLINE": "1"}
    environ.setdefault("PYTORCH_ALLOC_CONF", "expandable_segments:True")
    try:
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, env=environ, timeout=left
        )
    except subprocess.TimeoutExpired:
        return "the budget was over"
    if ended.returncode:
        return (ended.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    return Measured(**json.loads(ended.stdout.splitlines()[-1]))


def compare(folder: Path, arguments: argparse.Namespace, end: float) -> dict[str, Measured]:
    head = ("start", "prepare", "denoise", "decode", "copy", "clip")
    print(
        f"\n{'seconds':<22}" + "".join(f"{name:>9}" for name in head) + f"{'step ms':>9}{'GB':>8}"
    )
    found: dict[str, Measured] = {}
    for index, variant in enumerate(VARIANTS):
        left = end - time.monotonic()
        if left < LEAST:
            print(f"{variant.name:<22} not begun: the budget is over", flush=True)
            continue
        got = in_a_process_of_its_own(index, folder, arguments, left)
        if isinstance(got, str):
            print(f"{variant.name:<22} failed: {got}", flush=True)
            continue
        found[variant.name] = got
        times = (got.start, got.prepare, got.denoise, got.decode, got.copy, got.clip)
        row = "".join(f"{seconds:>9.2f}" for seconds in times)
        print(f"{variant.name:<22}{row}{got.step * 1000:>9.1f}{got.gigabytes:>8.2f}", flush=True)
    return found


def goals(found: dict[str, Measured], *, frames: bool) -> None:
    """Printed as met, missed or not measured, on whichever card this is; set for an H200."""
    floor = VARIANTS[0].floor
    print(f"floor of 50 steps at {PEAK:.0f} TFLOP/s in bf16, denoising alone: {floor:.2f} s")
    ours, snippet, distilled = (found.get(variant.name) for variant in VARIANTS[:3])
    times = None if ours is None else ours.clip / floor
    faster = None if ours is None or snippet is None else snippet.clip / ours.clip
    clip = None if distilled is None or not frames else distilled.clip
    _print_goal("50 steps, of the floor", times, OF_FLOOR, "x")
    _print_goal("50 steps, as fast as the snippet", faster, THAN_SNIPPET, "x", least=True)
    _print_goal("a distilled clip to RGB frames", clip, DISTILLED_SECONDS, " s")


def _print_goal(
    name: str, found: float | None, goal: float, unit: str, *, least: bool = False
) -> None:
    if found is None:
        print(judged(name, f"goal {goal}{unit}", met=None))
        return
    met = found >= goal if least else found <= goal
    print(judged(name, f"{found:.2f}{unit} (goal {goal}{unit})", met=met))


def parsed() -> argparse.Namespace:
    import torch

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--frames", action="store_true")
    parser.add_argument("--budget", type=float, default=3600.0)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.tiny |= not torch.cuda.is_available()
    return arguments


def main() -> None:
    import torch

    end, arguments = time.monotonic(), parsed()
    end += arguments.budget
    size = Size(64, 64, 9) if arguments.tiny else Size(704, 480, 161)
    if arguments.one is not None:
        device = "cpu" if arguments.tiny else "cuda:0"
        variant = VARIANTS[arguments.one]
        got = measured(variant, arguments.folder, size, device, frames=arguments.frames)
        print(json.dumps(asdict(got)))
        return
    if arguments.tiny:
        print("NOT figures of a GPU: a tiny model on the processor, to show that the script runs")
    where = "tiny" if arguments.tiny else torch.cuda.get_device_name()
    to = "RGB frames" if arguments.frames else "MP4"
    print(f"{where}: {size.width}x{size.height}, {size.frames} frames to {to}", end="; ")
    print(f"torch {torch.__version__}\n{machine()}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        quieten()
        build = tiny if arguments.tiny else full_size
        build(Path(name))
        found = compare(Path(name), arguments, end)
    print("clip: the best of two warm ones, from the request on; GB: the most that tensors took")
    goals({} if arguments.tiny else found, frames=arguments.frames)


if __name__ == "__main__":
    main()
