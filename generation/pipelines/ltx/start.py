"""Makes a session: weights read and placed one by one, made fast, and rehearsed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from PIL import Image

from generation.engine.pipeline import OnLoading
from generation.jobs import AnimationRequest
from generation.pipelines.ltx import compilation
from generation.pipelines.ltx.acceleration import (
    attend,
    multiplies_in_8_bits,
    quantise,
    skip_similar_steps,
)
from generation.pipelines.ltx.compilation import KernelCache
from generation.pipelines.ltx.conditioning import Condition, Plan
from generation.pipelines.ltx.cuda import Card, Cuda, card_of
from generation.pipelines.ltx.cuda_probe import examine
from generation.pipelines.ltx.decode import pixels
from generation.pipelines.ltx.device_errors import is_dead
from generation.pipelines.ltx.load import LAST, load
from generation.pipelines.ltx.loras import Loras
from generation.pipelines.ltx.memory import FreeMemory, choose, sentence
from generation.pipelines.ltx.options import LtxOptions, Memory, without_effect
from generation.pipelines.ltx.placement import place, room_on, settle
from generation.pipelines.ltx.profiles import Profile
from generation.pipelines.ltx.requested import FEWEST
from generation.pipelines.ltx.session import Session
from generation.pipelines.ltx.two_stages import load_upsampling

log = logging.getLogger("photoplay.engine")


@dataclass(frozen=True, slots=True)
class RehearsalSize:
    width: int
    height: int
    frames: int


DEFAULT = RehearsalSize(704, 480, 161)
"""What people ask for unless they say otherwise: kernels are chosen, and graphs made, for it."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a start may be given instead of what the machine has: `cuda`, the compiler's `backend`,
    the `rehearsal`, and the time.
    """

    cuda: Callable[[], Cuda] = examine
    backend: str = "inductor"
    rehearsal: RehearsalSize = DEFAULT
    clock: Callable[[], float] = time.monotonic


def open_session(
    options: LtxOptions, profile: Profile, loading: OnLoading, start: Start | None = None
) -> Session:
    """Raises `Misconfigured` where weights are missing, or the device is of no use."""
    start = start or Start()
    device = torch.device(options.device)
    for useless in without_effect(options, profile):
        log.warning("%s has no effect on %s", useless, profile.name)
    card = card_of(start.cuda(), options.device) if device.type == "cuda" else None
    room = room_on(device)
    how = _way(options, profile, device, card, room)
    pipe = load(
        profile, options.model, device, lambda name, part: place(name, part, how, device), loading
    )
    loras = Loras(pipe, options.loras)
    decided = replace(options, memory=how)
    upsampling = load_upsampling(pipe, decided, profile, room, device)
    _place_transformer(pipe.transformer, options, how, device, card)
    settle(pipe, how, device)
    loras.settle(device)
    session = Session(pipe, profile, decided, device, loras, start.clock)
    session.upsampling = upsampling
    _make_fast(session, options, how, card, start)
    return session


def _way(
    options: LtxOptions, profile: Profile, device: torch.device, card: Card | None, room: FreeMemory
) -> Memory:
    fp8 = multiplies_in_8_bits(options, card, options.memory)
    if device.type != "cuda" and options.memory in (Memory.AUTO, Memory.OFFLOAD):
        return Memory.FULL  # a processor has nowhere to move weights to
    how = choose(options.memory, room, profile, fp8=fp8)
    log.info("%s", sentence(how, room, profile, asked=options.memory, fp8=fp8))
    return how


def _place_transformer(
    transformer: Any, options: LtxOptions, how: Memory, device: torch.device, card: Card | None
) -> None:
    if multiplies_in_8_bits(options, card, how):
        quantise(transformer, device)
    place(LAST, transformer, how, device)


def _make_fast(
    session: Session, options: LtxOptions, how: Memory, card: Card | None, start: Start
) -> None:
    transformer = session.pipe.transformer
    attend(transformer, card if options.fast_attention else None)
    cached = options.cache and skip_similar_steps(transformer, session.profile, options.guidance)
    kernels = _kernels(session, options, card)
    if not compilation.wanted(options.compile, how, kernels, cuda=card is not None):
        return
    kernels.use()
    compilation.compile_blocks(transformer, cached=cached, backend=start.backend)
    try:
        for guided in (True, False):
            rehearse(session, start.rehearsal, guided=guided)
        if session.upsampling and session.upsampling.lora:  # other graphs: its layers are on
            with session.upsampling.second():
                rehearse(session, start.rehearsal, guided=False)
    except Exception as error:  # whatever a compiler fails with: the same model runs without it
        if is_dead(error):
            raise
        compilation.back_to_eager(transformer, error)
    else:
        kernels.mark()


def _kernels(session: Session, options: LtxOptions, card: Card | None) -> KernelCache:
    loras = sorted(f"{motion}={lora.path}" for motion, lora in options.loras.items())
    if session.upsampling and session.upsampling.lora:
        loras.append("second pass")
    said = (session.profile.name, f"fp8={options.fp8}", f"cache={options.cache}", *loras)
    return KernelCache(compilation.kernel_folder(), " ".join(said), card.name if card else "")


def rehearse(session: Session, size: RehearsalSize, *, guided: bool) -> None:
    """A clip for nobody, with guidance or without: what is compiled for it serves all sizes.

    A distilled model is never guided, so there is nothing to rehearse.
    """
    profile = session.profile
    if guided and profile.schedule:
        return
    grey = Image.new("RGB", (size.width, size.height), "grey")
    request = AnimationRequest(
        prompt="",
        image="",
        width=size.width,
        height=size.height,
        num_frames=size.frames,
        fps=profile.fps,
        seed=0,
        num_inference_steps=FEWEST,
        guidance_scale=max(2.0, profile.guidance) if guided else 1.0,
    )
    plan = Plan((Condition((grey,), 0),), num_frames=size.frames, ends=size.frames)
    inference = session.inference(request, profile.negative, plan)
    generator = torch.Generator(session.device).manual_seed(0)
    try:
        denoised = session.denoised(inference, generator, lambda *_: None)
        pixels(session.pipe, profile, denoised, generator, (size.height, size.width))
    finally:
        session.pipe.maybe_free_model_hooks()
