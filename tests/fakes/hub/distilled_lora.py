"""The tiny LoRA that makes the tiny full LTX-2 a distilled one."""

from __future__ import annotations

from typing import Any

from tests.fakes.hub.checkpoint_parts import LATENTS

FILE = "ltx-2-tiny-distilled-lora-4.safetensors"


def weights() -> dict[str, Any]:
    """In its authors' names, with weights for a part that the transformer has not."""
    import torch

    torch.manual_seed(7)
    sizes = {
        "patchify_proj": (LATENTS, 32),
        "video_embeddings_connector.proj": (8, 8),
        **{f"transformer_blocks.{number}.attn1.to_q": (32, 32) for number in (0, 1)},
        **{f"transformer_blocks.{number}.audio_attn1.to_q": (16, 16) for number in (0, 1)},
    }
    found = {}
    for name, (width, height) in sizes.items():
        found[f"diffusion_model.{name}.lora_A.weight"] = torch.randn(4, width)
        found[f"diffusion_model.{name}.lora_B.weight"] = torch.randn(height, 4)
    return found
