"""LTX-Video 2B on a GPU: our way against the library's own snippet and against the hardware.

Usage: python bench/ltx_gpu.py [--tiny]   (--tiny, or no GPU: a model of a megabyte, on the CPU)

Random weights may hold still, for which ours would film again: its judge looks, but is overruled.
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import argparse
import json
import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image

from bench.ltx_gpu_parts import DISTILLED, GUIDED, PEAK, STEPS, Size, Variant, full_size, tiny
from bench.report_parts import judged, machine
from generation.engine.protocol import Animation, Done, Outcome, Report, Step
from generation.engine.stage import EncodingStage
from generation.jobs import AnimationRequest
from generation.media.frames import Frames
from generation.pipelines.ltx.options import LtxOptions, Memory
from generation.pipelines.ltx.output_check import Good, Judgement, judge
from generation.pipelines.ltx.pipeline import LtxPipeline
from generation.pipelines.ltx.profiles import NEGATIVE

PROMPT = "a boat on a lake, the waves roll in"
FPS, GUIDANCE = 24, 3.0
ROUNDS = 2
PHOTOGRAPH = Path(__file__).parents[1] / "tests" / "data" / "pictures" / "astronaut.png"


VARIANTS = (
    Variant("snippet, 50 steps", GUIDED, ours=False),
    Variant("ours, 50 steps", GUIDED, ours=True),
    Variant("  compiled", GUIDED, ours=True, compiled=True),
    Variant("  compiled, fp8", GUIDED, ours=True, compiled=True, fp8=True),
    Variant("ours, 8 distilled", DISTILLED, ours=True),
    Variant("  compiled", DISTILLED, ours=True, compiled=True),
    Variant("  compiled, fp8", DISTILLED, ours=True, compiled=True, fp8=True),
)


@dataclass(frozen=True, slots=True)
class Clipped:
    """Seconds to load (and compile), for a warm clip down to its MP4, and a step; GB at most."""

    start: float
    clip: float
    step: float
    gigabytes: float


Shoot = Callable[[Path], list[float]]
"""Makes one MP4; the moments at which its steps were done."""


def pace(moments: list[float]) -> float:
    return median(after - before for before, after in pairwise(moments))


def snippet(folder: Path, size: Size, device: str) -> Shoot:
    """As on the model's page: bf16 on a GPU, PIL frames, export_to_video."""
    import torch
    from diffusers import LTXImageToVideoPipeline
    from diffusers.utils.export_utils import export_to_video

    dtype = torch.bfloat16 if device.startswith("cuda") else torch.float32
    kind: Any = LTXImageToVideoPipeline
    pipe = kind.from_pretrained(folder, torch_dtype=dtype).to(device)

    def shoot(clip: Path) -> list[float]:
        moments: list[float] = []

        def tell(_: Any, index: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            moments.append(time.perf_counter())
            return {}

        video = pipe(
            image=Image.open(PHOTOGRAPH).convert("RGB"),
            prompt=PROMPT,
            negative_prompt=NEGATIVE,
            width=size.width,
            height=size.height,
            num_frames=size.frames,
            num_inference_steps=STEPS,
            guidance_scale=GUIDANCE,
            callback_on_step_end=tell,
        ).frames[0]
        export_to_video(video, str(clip), fps=FPS)
        return moments

    return shoot


def overruled(frames: Frames) -> Judgement:
    judge(frames)
    return Good()


class Ours:
    """The engine's pipeline with the engine's own stage: from the request to the MP4."""

    def __init__(self, variant: Variant, folder: Path, size: Size, device: str) -> None:
        self._size = size
        options = LtxOptions(
            model=str(folder),
            device=device,
            memory=Memory.FULL,
            compile=variant.compiled,
            fp8=variant.fp8,
        )
        self._pipeline = LtxPipeline(options)
        self._pipeline.load()

    def __call__(self, clip: Path) -> list[float]:
        moments: list[float] = []

        def tell(report: Report) -> None:
            if isinstance(report, Step):
                moments.append(time.perf_counter())

        animation = self._animation(clip)
        pipeline = self._pipeline
        stage = EncodingStage(animation, pipeline.capabilities, pipeline.source, tell)
        studio = pipeline._studio
        assert studio is not None
        studio.film(animation, stage, judge=overruled)
        ended = threading.Event()
        outcomes: list[Outcome] = []

        def end(_: Animation, outcome: Outcome) -> None:
            outcomes.append(outcome)
            ended.set()

        stage.finish(end)
        ended.wait()
        assert isinstance(outcomes[0], Done), outcomes[0]
        return moments

    def _animation(self, clip: Path) -> Animation:
        size = self._size
        picture = clip.with_suffix(".png")
        Image.open(PHOTOGRAPH).convert("RGB").save(picture)
        request = AnimationRequest(
            PROMPT, picture.name, size.width, size.height, size.frames, FPS, seed=7
        )
        return Animation("job", 1, request, picture, clip, clip.with_suffix(".jpg"))


def measured(variant: Variant, folder: Path, size: Size, device: str) -> Clipped:
    """One clip to get warm, then the best of a few."""
    began = time.perf_counter()
    model = folder / variant.model
    shoot: Shoot = (
        Ours(variant, model, size, device) if variant.ours else snippet(model, size, device)
    )
    start = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as scratch:
        shoot(Path(scratch) / "warm.mp4")
        clips, steps = [], []
        for number in range(ROUNDS):
            began = time.perf_counter()
            moments = shoot(Path(scratch) / f"{number}.mp4")
            clips.append(time.perf_counter() - began)
            steps.append(pace(moments))
    return Clipped(start, min(clips), min(steps), gigabytes(device))


def gigabytes(device: str) -> float:
    """The most that tensors took on the GPU; without one, that the process had resident."""
    if device.startswith("cuda"):
        import torch

        return torch.cuda.max_memory_allocated() / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def in_a_process_of_its_own(index: int, folder: Path, *, small: bool) -> Clipped | str:
    """What one variant printed, or the last line of why it failed: the others go on."""
    command = [sys.executable, __file__, "--one", str(index), "--folder", str(folder)]
    ended = subprocess.run(
        [*command, *(["--tiny"] if small else [])],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "HF_HOME": str(folder / "home"), "HF_HUB_OFFLINE": "1"},
    )
    if ended.returncode:
        return (ended.stderr.splitlines() or ["it ended without a word"])[-1]
    return Clipped(**json.loads(ended.stdout.splitlines()[-1]))


def say(variant: Variant, got: Clipped | str, snippet_takes: float | None, *, small: bool) -> None:
    if isinstance(got, str):
        print(f"{variant.name:<20} failed: {got}", flush=True)
        return
    floor = "-" if small else f"{got.clip / variant.floor:.2f}x"
    faster = "-" if snippet_takes is None else f"{snippet_takes / got.clip:.2f}x"
    print(
        f"{variant.name:<20} {got.start:>8.1f} {got.clip:>8.2f} {got.step * 1000:>8.1f} "
        f"{got.gigabytes:>6.2f} {floor:>9} {faster:>12}",
        flush=True,
    )


def compare(folder: Path, *, small: bool) -> None:
    print(
        f"\n{'':<20} {'start s':>8} {'clip s':>8} {'step ms':>8} {'GB':>6} {'of floor':>9} "
        f"{'than snippet':>12}"
    )
    takes: float | None = None
    found: dict[int, Clipped] = {}
    for index, variant in enumerate(VARIANTS):
        got = in_a_process_of_its_own(index, folder, small=small)
        if isinstance(got, Clipped):
            found[index] = got
            takes = got.clip if not variant.ours else takes
        say(variant, got, takes, small=small)
    print("clip: request to MP4, warm; fp8 is left out where no GPU multiplies in it")
    floors = f"{VARIANTS[0].floor:.2f} s for 50 steps, {VARIANTS[4].floor:.2f} s for 8"
    print(f"floor at {PEAK:.0f} TFLOP/s, bf16, 704x480x161, denoising alone: {floors}")
    guided = [found[i].clip for i, v in enumerate(VARIANTS) if v.ours and i in found][:3]
    if takes is not None and guided:
        ratio = takes / min(guided)
        print(judged("the same 50 steps sooner than the snippet", f"{ratio:.2f}x", met=ratio > 1))


def main() -> None:
    import torch

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    small = arguments.tiny or not torch.cuda.is_available()
    size = Size(64, 64, 9) if small else Size(704, 480, 161)
    if arguments.one is not None:
        device = "cpu" if small else "cuda:0"
        got = measured(VARIANTS[arguments.one], arguments.folder, size, device)
        print(json.dumps(asdict(got)))
        return
    if small:
        print("NOT figures of a GPU: a tiny model on the processor, to show that the script runs")
    where = "tiny" if small else torch.cuda.get_device_name()
    print(f"{where}: {size.width}x{size.height}, {size.frames} frames; torch {torch.__version__}")
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as name:
        build = tiny if small else full_size
        build(Path(name))
        compare(Path(name), small=small)


if __name__ == "__main__":
    main()
