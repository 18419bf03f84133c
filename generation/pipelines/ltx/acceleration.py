"""What makes a model faster on a GPU, each where it is known to work (diffusers 0.42)."""

from __future__ import annotations

import importlib.util
import logging
from typing import Any

import torch

from generation.pipelines.ltx.cuda import Card
from generation.pipelines.ltx.guidance import Guiding
from generation.pipelines.ltx.options import LtxOptions, Memory
from generation.pipelines.ltx.profiles import Profile

CACHE_THRESHOLD = 0.05
"""Relative change of the first block's residual under which the other blocks are not run."""

FP8_CAPABILITY = (8, 9)
"""Ada and Hopper: below, no matrix unit multiplies 8-bit floats."""

CUDNN_CAPABILITY = (9, 0)
"""From Hopper on cuDNN's attention is faster than the FlashAttention 2 inside torch."""

IN_BF16 = ("time_embed", "proj_out", "caption_projection")
"""Parts of names: few multiplications, to which the picture is sensitive."""

log = logging.getLogger("photoplay.engine")


def attend(transformer: Any, card: Card | None) -> None:
    """The fastest kernels for self-attention; the text's mask needs torch's own choice."""
    from diffusers.models.attention_dispatch import AttentionBackendName

    if card is None:
        return
    if importlib.util.find_spec("flash_attn_interface") is not None:
        backend, name = AttentionBackendName._FLASH_3, "FlashAttention 3"
    elif card.capability >= CUDNN_CAPABILITY:
        backend, name = AttentionBackendName._NATIVE_CUDNN, "cuDNN"
    else:
        return
    for block in transformer.transformer_blocks:
        block.attn1.processor._attention_backend = backend
    log.info("self-attention runs on %s", name)


def multiplies_in_8_bits(options: LtxOptions, card: Card | None, how: Memory) -> bool:
    """Whether `engine.fp8` is asked for and works here; what does not fit is said."""
    if not options.fp8:
        return False
    if card is None or card.capability < FP8_CAPABILITY:
        log.warning("engine.fp8 needs a GPU of compute capability 8.9 or more; it is left out")
        return False
    if how not in (Memory.FULL, Memory.TEXT, Memory.AUTO):
        log.warning("engine.fp8 does not go together with offloading; it is left out")
        return False
    if importlib.util.find_spec("torchao") is None:
        log.warning("engine.fp8 needs torchao (`pip install 'photoplay[ltx]'`); it is left out")
        return False
    return True


def quantise(transformer: torch.nn.Module, device: torch.device) -> None:
    """Matrices of 8 bits with a scale a row, made while they are moved: a card that has room for
    half of the weights never sees all of them.
    """
    from torchao.quantization import Float8DynamicActivationFloat8WeightConfig, PerRow, quantize_

    config = Float8DynamicActivationFloat8WeightConfig(granularity=PerRow())
    quantize_(transformer, config, is_quantised, device=device)
    log.info("the transformer multiplies in 8 bits")


def is_quantised(module: torch.nn.Module, name: str) -> bool:
    """Kernels want multiples of 16; small ones gain nothing."""
    return (
        isinstance(module, torch.nn.Linear)
        and not any(part in name for part in IN_BF16)
        and all(side % 16 == 0 and side >= 1024 for side in module.weight.shape)
    )


def skip_similar_steps(transformer: Any, profile: Profile, guiding: Guiding) -> bool:
    """Whether the cache is on; what does not fit is said."""
    if guiding is not Guiding.PLAIN:  # it remembers a batch, whose size is then another one
        log.warning("engine.cache needs engine.guidance=plain; it is left out")
        return False
    if profile.schedule:
        log.warning("engine.cache is of no use to a model of %d steps", len(profile.schedule))
        return False
    from diffusers import FirstBlockCacheConfig

    try:
        config: Any = FirstBlockCacheConfig
        transformer.enable_cache(config(threshold=CACHE_THRESHOLD))
    except ValueError:  # LTX-2's blocks are not registered
        log.warning("engine.cache does not know this model; it is left out")
        return False
    return True
