"""How the weights lie in the GPU's memory: decided from what is free, before anything is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generation.pipelines.ltx.options import Memory
from generation.pipelines.ltx.profiles import Profile

if TYPE_CHECKING:
    import torch

RESERVE = 5.0
"""GB beside the weights: activations of 161 frames at 704×480 and the decoder's own, with room."""

STREAMED = 1
"""Blocks moved together: with a stream the next one travels while this one computes."""


def choose(memory: Memory, free: int, profile: Profile, *, fp8: bool) -> Memory:
    """Never `AUTO`: what the operator said, or the fastest way that fits `free` bytes.

    With `fp8` the transformer takes half of its bf16 size.
    """
    if memory is not Memory.AUTO:
        return memory
    room = free / 1e9 - RESERVE
    full, component = needed(profile, fp8=fp8)
    if full <= room:
        return Memory.FULL
    return Memory.OFFLOAD if component <= room else Memory.LOW


def needed(profile: Profile, *, fp8: bool = False) -> tuple[float, float]:
    """GB of weights with everything resident, and of the largest component alone."""
    sizes = profile.sizes
    saved = sizes.transformer / 2 if fp8 else 0.0
    return sizes.total - saved, max(sizes.transformer - saved, sizes.text_encoder)


def sentence(how: Memory, free: int, profile: Profile) -> str:
    """For the operator's log."""
    words = {
        Memory.FULL: "all weights stay in the GPU's memory",
        Memory.OFFLOAD: "components move in and out of the GPU's memory",
        Memory.LOW: "blocks move in and out of the GPU's memory, stored in 8 bits",
    }
    return (
        f"{profile.name} has {profile.sizes.total:.1f} GB of weights, {free / 1e9:.1f} GB are "
        f"free: {words[how]} (engine.memory={how.value})."
    )


def free_bytes(device: torch.device) -> int:
    """What the device could take now."""
    if device.type == "cuda":
        import torch

        free, _ = torch.cuda.mem_get_info(device)
        return int(free)
    import psutil

    return int(psutil.virtual_memory().available)


def place(pipe: Any, how: Memory, device: torch.device) -> None:
    """Put the loaded pipeline where it works; on the processor everything is there already."""
    if device.type != "cuda":
        pipe.to(device)
        return
    match how:
        case Memory.FULL | Memory.AUTO:
            pipe.to(device)
        case Memory.OFFLOAD:
            pipe.enable_model_cpu_offload(device=device)
        case Memory.LOW:
            store_in_8_bits(pipe)
            stream_blocks(pipe, device)
            tile(pipe, on=True)


def store_in_8_bits(pipe: Any) -> None:
    """Half the memory of bf16; each layer computes in what it was loaded in."""
    import torch

    pipe.transformer.enable_layerwise_casting(
        storage_dtype=torch.float8_e4m3fn, compute_dtype=pipe.transformer.dtype
    )


def stream_blocks(pipe: Any, device: torch.device) -> None:
    pipe.enable_group_offload(
        onload_device=device,
        offload_type="block_level",
        num_blocks_per_group=STREAMED,
        use_stream=device.type == "cuda",
    )


def tile(pipe: Any, *, on: bool) -> None:
    """Decode in tiles of 512 pixels and in groups of frames: slower, seams may be seen."""
    if on:
        pipe.vae.enable_tiling()
    else:
        pipe.vae.disable_tiling()
    pipe.vae.use_framewise_decoding = on  # tiling alone leaves all frames in one go
