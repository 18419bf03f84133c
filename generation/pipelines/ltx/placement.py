"""Puts one component after the other where it works, so that the host holds one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generation.pipelines.ltx.memory import FreeMemory
from generation.pipelines.ltx.options import Memory

if TYPE_CHECKING:
    import torch

WARM_UP = 64
"""Pixels a side of what a streamed VAE sees first: too small for tiles, from which diffusers (0.42)
would learn a wrong order of its layers.
"""

KEPT_IN_BF16 = ("patch_embed", "norm", "^proj_in$", "^proj_out$", "lora_")
"""Modules too small or too sensitive for 8 bits: diffusers' own list, and LoRAs."""


def room_on(device: torch.device) -> FreeMemory:
    """What card and host could take now; without a card the host is both."""
    import psutil

    host = int(psutil.virtual_memory().available)
    if device.type != "cuda":
        return FreeMemory(host, host)
    import torch

    free, _ = torch.cuda.mem_get_info(device)
    return FreeMemory(int(free), host)


def place(name: str, part: Any, how: Memory, device: torch.device) -> None:
    """Where a component stays from now on; `OFFLOAD` moves whole ones later (`settle`)."""
    match how:
        case Memory.FULL | Memory.AUTO:
            part.to(device)
        case Memory.TEXT:
            if name == "text_encoder":
                stream_layers(part, device)
            else:
                part.to(device)
        case Memory.OFFLOAD:
            pass
        case Memory.LOW:
            if name == "transformer":
                store_in_8_bits(part)
                stream_blocks(part, device)
            else:
                stream_layers(part, device)


def settle(pipe: Any, how: Memory, device: torch.device) -> None:
    """What can be done only once all components are there."""
    if how is Memory.OFFLOAD:
        pipe.enable_model_cpu_offload(device=device)
    if how is Memory.LOW:
        _call_untiled(pipe, device)
        tile(pipe, on=True)


def store_in_8_bits(transformer: Any) -> None:
    """Half the memory of bf16; each layer computes in what it was loaded in."""
    import torch

    transformer.enable_layerwise_casting(
        storage_dtype=torch.float8_e4m3fn,
        compute_dtype=transformer.dtype,
        skip_modules_pattern=KEPT_IN_BF16,
    )


def stream_blocks(transformer: Any, device: torch.device) -> None:
    """With a stream the next block travels while this one computes."""
    from diffusers.hooks.group_offloading import apply_group_offloading

    apply_group_offloading(
        transformer,
        onload_device=device,
        offload_type="block_level",
        num_blocks_per_group=1,
        use_stream=device.type == "cuda",
    )


def stream_layers(part: Any, device: torch.device) -> None:
    """For what has no row of blocks (T5), or is entered by `encode` and `decode` (a VAE): there
    groups of blocks would never be brought in.
    """
    from diffusers.hooks.group_offloading import apply_group_offloading

    apply_group_offloading(
        part,
        onload_device=device,
        offload_type="leaf_level",
        use_stream=device.type == "cuda",
    )


def _call_untiled(pipe: Any, device: torch.device) -> None:
    import torch

    vae = pipe.vae
    with torch.no_grad():
        picture = torch.zeros(1, 3, 1, WARM_UP, WARM_UP, device=device, dtype=vae.dtype)
        latents = vae.encode(picture).latent_dist.mode()
        timestep = None
        if vae.config.timestep_conditioning:
            timestep = torch.zeros(1, device=device, dtype=vae.dtype)
        vae.decode(latents, timestep, return_dict=False)


LARGE = {
    "tile_sample_min_height": 768,
    "tile_sample_min_width": 768,
    "tile_sample_stride_height": 704,
    "tile_sample_stride_width": 704,
    "tile_sample_min_num_frames": 80,
    "tile_sample_stride_num_frames": 56,
}
"""Tiles that overlap by 64 pixels and 24 frames: less than that is seen to flicker."""

SMALL = {
    "tile_sample_min_height": 512,
    "tile_sample_min_width": 512,
    "tile_sample_stride_height": 448,
    "tile_sample_stride_width": 448,
    "tile_sample_min_num_frames": 32,
    "tile_sample_stride_num_frames": 16,
}
"""Where the large ones are too large: seams may be seen."""


def tile(pipe: Any, *, on: bool, small: bool = False) -> None:
    """Decode in tiles and in groups of frames: slower, and needs a fraction of the memory."""
    if on:
        pipe.vae.enable_tiling(**(SMALL if small else LARGE))
    else:
        pipe.vae.disable_tiling()
    pipe.vae.use_framewise_decoding = on  # tiling alone leaves all frames in one go
