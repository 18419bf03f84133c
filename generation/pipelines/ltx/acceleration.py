"""What makes a model faster on a GPU, each where it is known to work (diffusers 0.42)."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from generation.pipelines.ltx.options import LtxOptions, Memory
from generation.pipelines.ltx.profiles import Profile

CACHE_THRESHOLD = 0.05
"""Relative change of the first block's residual under which the other blocks are not run."""

FP8_CAPABILITY = (8, 9)
"""Ada and Hopper: below, no matrix unit multiplies 8-bit floats."""

log = logging.getLogger("photoplay.engine")


def quicken(
    pipe: Any,
    options: LtxOptions,
    profile: Profile,
    device: torch.device,
    how: Memory,
) -> None:
    """Attention, 8-bit matrices, first-block cache, compilation; what does not fit is said.

    `how` is the way the weights lie, never `AUTO`.
    """
    cuda = device.type == "cuda"
    if cuda:
        _attend(pipe)
    if options.fp8:
        _multiply_in_8_bits(pipe, device, how)
    cached = options.cache and _skip_similar_steps(pipe, profile)
    if cuda if options.compile is None else options.compile:
        _compile(pipe, how, cached=cached)


def _attend(pipe: Any) -> None:
    """FlashAttention 3 on self-attention where installed; the text's mask needs torch's own."""
    from diffusers.models.attention_dispatch import AttentionBackendName

    if importlib.util.find_spec("flash_attn_interface") is None:
        return
    for block in pipe.transformer.transformer_blocks:
        block.attn1.processor._attention_backend = AttentionBackendName._FLASH_3
    log.info("self-attention runs on FlashAttention 3")


def _multiply_in_8_bits(pipe: Any, device: torch.device, how: Memory) -> None:
    if device.type != "cuda" or torch.cuda.get_device_capability(device) < FP8_CAPABILITY:
        log.warning("engine.fp8 needs a GPU of compute capability 8.9 or more; it is left out")
        return
    if how is not Memory.FULL:
        log.warning("engine.fp8 does not go together with offloading; it is left out")
        return
    from torchao.quantization import Float8DynamicActivationFloat8WeightConfig, quantize_

    quantize_(pipe.transformer, Float8DynamicActivationFloat8WeightConfig(), _is_large)
    log.info("the transformer multiplies in 8 bits")


def _is_large(module: torch.nn.Module, _: str) -> bool:
    """Kernels want multiples of 16; small ones gain nothing."""
    return isinstance(module, torch.nn.Linear) and all(
        side % 16 == 0 and side >= 1024 for side in module.weight.shape
    )


def _skip_similar_steps(pipe: Any, profile: Profile) -> bool:
    if profile.schedule:
        log.warning("engine.cache is of no use to a model of %d steps", len(profile.schedule))
        return False
    from diffusers import FirstBlockCacheConfig

    try:
        config: Any = FirstBlockCacheConfig
        pipe.transformer.enable_cache(config(threshold=CACHE_THRESHOLD))
    except ValueError:  # LTX-2's blocks are not registered
        log.warning("engine.cache does not know this model; it is left out")
        return False
    return True


def _compile(pipe: Any, how: Memory, *, cached: bool) -> None:
    if how is Memory.LOW:
        log.warning("engine.compile does not go together with engine.memory=low; it is left out")
        return
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(_kernels()))
    pipe.transformer.compile_repeated_blocks(fullgraph=not cached, dynamic=True)
    log.info("the transformer's blocks are compiled; the first step after a start takes longer")


def _kernels() -> Path:
    """Compiled kernels outlive the process: the next start finds them."""
    home = os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface"
    return Path(home) / "photoplay-kernels"


def warm_up(run: Callable[[int], None], options: LtxOptions, device: torch.device) -> None:
    """Run both batch sizes once, with guidance and without, where blocks are compiled: each is a
    compilation of its own.
    """
    compiled = device.type == "cuda" if options.compile is None else options.compile
    for batch in (2, 1) if compiled else ():
        run(batch)
