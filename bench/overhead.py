"""What queue, process and protocol cost: the whole service against a bare loop, one tiny model.

Usage: python bench/overhead.py   (on the processor, a model of a megabyte: the smaller the model,
the more of a clip's time is ours)
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import argparse
import asyncio
import json
import logging
import os
import subprocess
import tempfile
import time
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import structlog
from PIL import Image

from bench.overhead_parts import TimedEngine, Times, times_of
from bench.report_parts import judged, machine
from generation.engine.process import EngineProcess
from generation.engine.protocol import Done, Report, Step
from generation.events import Finished, PhaseName, Succeeded
from generation.jobs import AnimationRequest
from generation.pipelines.ltx.detection import profile_for
from generation.pipelines.ltx.negative_prompts import LTX_VIDEO
from generation.pipelines.ltx.options import Compile, LtxOptions, Memory
from tests.fakes.program.core import ANN, BEN, CAT, Clock, House, house

JOBS, ROUNDS = 20, 3
SIDE, FRAMES, STEPS, FPS = 64, 25, 8, 24
THREADS = "OMP_NUM_THREADS"
"""What torch takes of the processor. With all of it, whatever else runs holds each of torch's many
small operations up at its end; with one core the model leaves the others alone, as on a GPU.
"""

ROOT = Path(__file__).parents[1]
PHOTOGRAPH = ROOT / "tests" / "data" / "pictures" / "astronaut.png"
ASKERS = (ANN, BEN, CAT)


def prompt(number: int) -> str:
    """Another one for every job: nothing that was encoded before serves again."""
    return f"a boat number {number} on a lake"


class WallClock(Clock):
    def __call__(self) -> float:
        return time.time()


def engine_of(checkpoint: Path, home: Path) -> TimedEngine:
    options = LtxOptions(
        model=str(checkpoint), device="cpu", memory=Memory.FULL, compile=Compile.OFF
    )
    host = [sys.executable, "-P", "-m", "generation.child", "ltx"]
    return TimedEngine(
        EngineProcess(
            [*host, "--options", options.to_json()],
            capabilities=profile_for(options.model).capabilities,
            deadlines=dict.fromkeys(PhaseName, 120.0),
            environment={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
                "HF_HOME": str(home),
                THREADS: os.environ[THREADS],
            },
        )
    )


async def filmed(home: House, number: int) -> int:
    """One request from the picture to the file; how many notes a person would have read with it."""
    name = f"photo-{number}.png"
    picture = home.workspace.input(name)
    picture.write_bytes(home.workspace.input("photo.png").read_bytes())
    request = AnimationRequest(
        prompt(number), name, SIDE, SIDE, FRAMES, FPS, seed=number, num_inference_steps=STEPS
    )
    ticket = await home.service.submit(request, ASKERS[number % len(ASKERS)])
    async with aclosing(home.service.watch(ticket.job_id)) as events:
        last = [event async for event in events][-1]
    assert isinstance(last, Finished), last
    assert isinstance(last.outcome, Succeeded), last.outcome
    assert last.outcome.clip.path.stat().st_size > 0
    return len(last.outcome.notes)


async def ours(checkpoint: Path, folder: Path) -> Times:
    """All requests at once, from three people, through queue, worker, child process and encoder."""
    engine = engine_of(checkpoint, folder)
    try:
        await engine.start()
        async with house(folder / "data", engine, clock=WallClock()) as home:
            Image.open(PHOTOGRAPH).convert("RGB").save(home.workspace.input("photo.png"))
            async with home.at_work():
                await filmed(home, JOBS)
                engine.told.clear()
                began = time.perf_counter()
                notes = await asyncio.gather(*(filmed(home, number) for number in range(JOBS)))
                seconds = time.perf_counter() - began
    finally:
        await engine.close()
    assert sum(isinstance(report, Done) for _, report in engine.told) == JOBS
    return times_of(engine.told, seconds, sum(notes))


def bare(checkpoint: Path, folder: Path) -> Times:
    """What the library's own pages do, one clip after the other, in this very process."""
    from diffusers import LTXConditionPipeline
    from diffusers.utils.export_utils import export_to_video

    kind: Any = LTXConditionPipeline
    pipe = kind.from_pretrained(checkpoint)
    pipe.set_progress_bar_config(disable=True)
    steps: list[tuple[int, float]] = []

    def tell(_: Any, index: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        steps.append((index, time.perf_counter()))
        return {}

    def film(number: int) -> None:
        picture = Image.open(PHOTOGRAPH).convert("RGB")
        frames = one_call(pipe, picture, number, tell)
        export_to_video(list(frames), str(folder / f"bare-{number}.mp4"), fps=FPS)

    film(JOBS)
    steps.clear()
    began = time.perf_counter()
    for number in range(JOBS):
        film(number)
    seconds = time.perf_counter() - began
    told: list[tuple[float, Report]] = [(at, Step(index + 1, STEPS)) for index, at in steps]
    return times_of(told, seconds, 0)


def one_call(pipe: Any, picture: Image.Image, number: int, tell: Any) -> Any:
    """The same work as ours: guidance, noise and decoding as the model's profile has them."""
    import torch

    return pipe(
        image=picture,
        prompt=prompt(number),
        negative_prompt=LTX_VIDEO,
        width=SIDE,
        height=SIDE,
        num_frames=FRAMES,
        frame_rate=FPS,
        num_inference_steps=STEPS,
        guidance_scale=3.0,
        guidance_rescale=0.7,
        decode_timestep=0.05,
        decode_noise_scale=0.025,
        max_sequence_length=256,
        generator=torch.Generator().manual_seed(number),
        output_type="np",
        callback_on_step_end=tell,
    ).frames[0]


def in_a_process_of_its_own(name: str, folder: Path, threads: int) -> Times:
    command = [sys.executable, __file__, "--one", name, "--folder", str(folder)]
    said = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, THREADS: str(threads)},
    )
    return Times(**json.loads(said.stdout.splitlines()[-1]))


def one(name: str, folder: Path) -> Times:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as scratch:
        if name == "bare":
            return bare(folder, Path(scratch))
        return asyncio.run(ours(folder, Path(scratch)))


def say(mine: list[Times], other: list[Times]) -> None:
    print(f"{'':<12} {'clips/min':>10} {'of each round':>22} {'gap ms':>8} {'at most':>8}")
    for label, rounds in (("photoplay", mine), ("bare loop", other)):
        gaps = [gap * 1000 for times in rounds for gap in times.gaps]
        each = " ".join(f"{times.a_minute(JOBS):.1f}" for times in rounds)
        speed = median(times.a_minute(JOBS) for times in rounds)
        print(f"{label:<12} {speed:>10.1f} {each:>22} {median(gaps):>8.0f} {max(gaps):>8.0f}")
    print("gap: from a job's last step to the end of the next job's first step (a step included)")
    handing = [each * 1000 for times in mine for each in times.handing]
    print(f"of ours, between two renderings: {median(handing):.1f} ms, at most {max(handing):.1f}")
    print(f"second takes of ours (the bare loop makes none): {sum(t.second_takes for t in mine)}")
    ratio = median(t.a_minute(JOBS) for t in mine) / median(t.a_minute(JOBS) for t in other)
    print(judged("at least as many clips a minute", f"{ratio:.2f}x", met=ratio >= 1))


def compare(checkpoint: Path, threads: int) -> None:
    print(f"\ntorch on {threads} of the cores")
    mine, other = [], []
    for _ in range(ROUNDS):  # by turns, so that what disturbs the machine disturbs both
        other.append(in_a_process_of_its_own("bare", checkpoint, threads))
        mine.append(in_a_process_of_its_own("ours", checkpoint, threads))
    say(mine, other)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", choices=["ours", "bare"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(asdict(one(arguments.one, arguments.folder))))
        return
    from tests.fakes.hub.checkpoints import condition

    print(f"{JOBS} clips of {SIDE}x{SIDE}, {FRAMES} frames, {STEPS} steps; models warm beforehand")
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        checkpoint = condition(Path(name) / "condition")
        for threads in sorted({1, os.cpu_count() or 1}):
            compare(checkpoint, threads)


if __name__ == "__main__":
    main()
