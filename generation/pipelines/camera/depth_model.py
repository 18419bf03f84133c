"""Depth from a small trained model, where the `depth` extra and its weights are there.

Nothing is downloaded here: `hf download depth-anything/Depth-Anything-V2-Small-hf` fetches the
weights (99 MB, Apache-2.0). torch is imported only once they are known to lie on this machine.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from pathlib import Path
from typing import Any, Self

import numpy as np

from generation.media import opencv
from generation.media.frames import Field, Picture
from generation.pipelines.camera.raster import blurred, enlarged, stretched
from generation.sandbox.engine_files import hub_cache

log = logging.getLogger("photoplay.engine")

WEIGHTS = "depth-anything/Depth-Anything-V2-Small-hf"
"""A hub id whose files lie in the hub's cache, or a folder."""

SHORT_SIDE = 392
"""Pixels of the picture's shorter side as the model sees it: a multiple of its patches of 14."""

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
"""ImageNet's statistics, which Depth Anything's image processor subtracts and divides by."""


class LearnedDepth:
    """Depth Anything (Yang et al., 2024) or any model whose output grows with nearness."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._patch = int(model.config.patch_size)

    @classmethod
    def find(cls, weights: str = WEIGHTS) -> Self | None:
        """The model, ready to be asked; `None` where extra or weights are missing or damaged."""
        if importlib.util.find_spec("transformers") is None or not _is_here(weights):
            return None
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModelForDepthEstimation

        torch.set_num_threads(2)
        try:
            model = AutoModelForDepthEstimation.from_pretrained(weights, local_files_only=True)
        except (OSError, ValueError, RuntimeError, SafetensorError):
            log.exception("the depth model cannot be used; the picture's own cues serve")
            return None
        return cls(model.eval())

    def nearness(self, small: Picture) -> Field:
        """(height, width) of a picture: 0 is the farthest, 1 the nearest; edges are soft."""
        import torch

        height, width = small.shape[:2]
        with torch.inference_mode():
            output = self._model(pixel_values=torch.from_numpy(self._seen(small))).predicted_depth
        depth = np.asarray(output[0].float().numpy(), np.float32)
        near = enlarged(depth, width, height)
        return blurred(stretched(near, 2, 98), max(height, width) / 90)

    def _seen(self, small: Picture) -> np.ndarray[Any, np.dtype[np.float32]]:
        """(1, 3, height, width), both sides multiples of the model's patches."""
        height, width = small.shape[:2]
        scale = SHORT_SIDE / min(height, width)
        size = [max(1, round(side * scale / self._patch)) * self._patch for side in (width, height)]
        resized = opencv.resize(small, (size[0], size[1]), opencv.Kernel.CUBIC)
        normal = (resized.astype(np.float32) / 255 - MEAN) / SPREAD
        return np.ascontiguousarray(normal.transpose(2, 0, 1)[None], np.float32)


def _is_here(weights: str) -> bool:
    if Path(weights).is_dir():
        return (Path(weights) / "config.json").exists()
    folder = f"models--{weights.replace('/', '--')}"
    if not (hub_cache(os.environ) / folder).is_dir():  # asked first, since its library loads slowly
        return False
    from huggingface_hub import try_to_load_from_cache

    names = ("config.json", "model.safetensors")
    return all(isinstance(try_to_load_from_cache(weights, name), str) for name in names)
