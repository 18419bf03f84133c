"""One variant of the GPU benchmark: made warm, then measured by its phases."""

from __future__ import annotations

import resource
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from PIL import Image

from bench.ltx_gpu_parts import STEPS, Measured, Size, Variant
from generation.engine.protocol import Animation, Done, Phase, Report, Step
from generation.events import PhaseName
from generation.jobs import AnimationRequest
from generation.media.frames import Frames, Samples
from generation.media.recipe import Scalar
from generation.notes import Note
from generation.pipelines.ltx.negative_prompts import LTX_VIDEO
from generation.pipelines.ltx.options import Compile, LtxOptions, Memory
from generation.pipelines.ltx.output_check import Good, Judgement, judge

PROMPT = "a boat on a lake, the waves roll in"
FPS, GUIDANCE = 24, 3.0
ROUNDS = 2
PHOTOGRAPH = Path(__file__).parents[1] / "tests" / "data" / "pictures" / "astronaut.png"


class Times:
    """Moments of one clip, on a clock for which the GPU is waited for where a phase begins."""

    def __init__(self) -> None:
        self.began = self.moment()
        self.steps: list[float] = []
        self.denoise = self.decode = self.decoded = self.began

    def moment(self) -> float:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return time.perf_counter()

    def measured(self, start: float, gigabytes: float) -> Measured:
        ended = self.moment()
        paces = [after - before for before, after in pairwise(self.steps)]
        return Measured(
            start=start,
            prepare=self.denoise - self.began,
            denoise=self.decode - self.denoise,
            decode=self.decoded - self.decode,
            copy=ended - self.decoded,
            clip=ended - self.began,
            step=median(paces),
            gigabytes=gigabytes,
        )


Shoot = Callable[[Path], Times]
"""Makes one clip: RGB frames on the host, or an MP4 at that path."""


class Watched:
    """Tells the moments at which the VAE begins and ends to decode."""

    def __init__(self, vae: Any) -> None:
        self.times = Times()
        vae.decoder.register_forward_pre_hook(self._begin)
        vae.decoder.register_forward_hook(self._end)

    def _begin(self, *_: object) -> None:
        self.times.decode = self.times.moment()

    def _end(self, *_: object) -> None:
        self.times.decoded = self.times.moment()


def snippet(folder: Path, size: Size, device: str, *, frames: bool) -> Shoot:
    """As on the model's page: bf16 on a GPU, PIL frames, export_to_video."""
    from diffusers import LTXImageToVideoPipeline

    dtype = torch.bfloat16 if device.startswith("cuda") else torch.float32
    kind: Any = LTXImageToVideoPipeline
    pipe = kind.from_pretrained(folder, dtype=dtype).to(device)
    watched = Watched(pipe.vae)

    def tell(_: Any, index: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        watched.times.steps.append(time.perf_counter())
        return {}

    def shoot(clip: Path) -> Times:
        watched.times = Times()
        video = _as_on_the_page(pipe, size, tell)
        if frames:
            np.stack([np.asarray(frame) for frame in video])
        else:
            from diffusers.utils.export_utils import export_to_video

            export_to_video(video, str(clip), fps=FPS)
        return watched.times

    return shoot


def _as_on_the_page(pipe: Any, size: Size, on_step: Callable[..., dict[str, Any]]) -> Any:
    """PIL pictures."""
    return pipe(
        image=Image.open(PHOTOGRAPH).convert("RGB"),
        prompt=PROMPT,
        negative_prompt=LTX_VIDEO,
        width=size.width,
        height=size.height,
        num_frames=size.frames,
        num_inference_steps=STEPS,
        guidance_scale=GUIDANCE,
        callback_on_step_end=on_step,
    ).frames[0]


def overruled(frames: Frames) -> Judgement:
    judge(frames)
    return Good()


class FrameStage:
    """Takes the frames as they come and notes when; there is no encoder."""

    def __init__(self, times: Times) -> None:
        self._times = times

    def phase(self, name: PhaseName) -> None:
        if name is PhaseName.STEP:
            self._times.denoise = self._times.moment()

    def step(self, index: int, total: int) -> None:
        self._times.steps.append(time.perf_counter())

    def preview(self, jpeg: bytes) -> None: ...

    def note(self, note: Note) -> None: ...

    def effective_prompt(self, text: str) -> None: ...

    def remember(self, name: str, value: Scalar) -> None: ...

    def sound(self, samples: Samples, rate: int) -> None: ...

    def frames(self, frames: Frames) -> None: ...


class Ours:
    """The engine's session: from the request to frames, or with its own stage to the MP4."""

    def __init__(
        self, variant: Variant, folder: Path, size: Size, device: str, *, frames: bool
    ) -> None:
        from generation.pipelines.ltx.detection import profile_for
        from generation.pipelines.ltx.start import DEFAULT, RehearsalSize, Start, open_session

        options = LtxOptions(
            model=str(folder),
            device=device,
            memory=Memory.FULL,
            compile=Compile.ON if variant.compiled and device != "cpu" else Compile.OFF,
            fp8=variant.fp8,
            fast_attention=variant.fast_attention,
            guidance=variant.guidance,
            distinct_levels=variant.distinct_levels,
        )
        rehearsal = DEFAULT if device != "cpu" else RehearsalSize(64, 64, 9)
        profile = profile_for(options.model)
        self._session = open_session(options, profile, lambda *_: None, Start(rehearsal=rehearsal))
        self._watched = Watched(self._session.pipe.vae)
        self._size = size
        self._frames = frames

    def __call__(self, clip: Path) -> Times:
        times = self._watched.times = Times()
        animation = self._animation(clip)
        if self._frames:
            self._session.render(animation, FrameStage(times), overruled)
        else:
            self._to_mp4(animation, times)
        return times

    def _to_mp4(self, animation: Animation, times: Times) -> None:
        from generation.engine.stage import EncodingStage, Ending
        from generation.media.marking import DigitalSource

        def tell(report: Report) -> None:
            match report:
                case Phase(PhaseName.STEP):
                    times.denoise = times.moment()
                case Step():
                    times.steps.append(time.perf_counter())
                case _:  # the rest takes no time that is measured here
                    pass

        source = DigitalSource.TRAINED_ALGORITHMIC_MEDIA
        stage = EncodingStage(animation, self._session.profile.capabilities, source, tell)
        self._session.render(animation, stage, overruled)
        ended = threading.Event()
        outcomes: list[Ending] = []

        def end(_: Animation, outcome: Ending) -> None:
            outcomes.append(outcome)
            ended.set()

        stage.finish(end)
        ended.wait()
        assert isinstance(outcomes[0], Done), outcomes[0]

    def _animation(self, clip: Path) -> Animation:
        size = self._size
        picture = clip.with_suffix(".png")
        Image.open(PHOTOGRAPH).convert("RGB").save(picture)
        request = AnimationRequest(
            PROMPT, picture.name, size.width, size.height, size.frames, FPS, seed=7
        )
        return Animation("job", 1, request, picture, clip, clip.with_suffix(".jpg"))


def measured(variant: Variant, folder: Path, size: Size, device: str, *, frames: bool) -> Measured:
    """One clip to get warm, then the best of a few."""
    began = time.perf_counter()
    model = folder / variant.model
    shoot: Shoot
    if variant.ours:
        shoot = Ours(variant, model, size, device, frames=frames)
    else:
        shoot = snippet(model, size, device, frames=frames)
    start = time.perf_counter() - began
    found: list[Measured] = []
    with tempfile.TemporaryDirectory() as scratch:
        shoot(Path(scratch) / "warm.mp4")
        for number in range(ROUNDS):
            times = shoot(Path(scratch) / f"{number}.mp4")
            found.append(times.measured(start, gigabytes(device)))
    return min(found, key=lambda one: one.clip)


def gigabytes(device: str) -> float:
    """The most that tensors took on the GPU; without one, that the process had resident."""
    if device.startswith("cuda"):
        return torch.cuda.max_memory_allocated() / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
