"""LTX-Video 2B in its real size with random weights, made where it is measured: no downloads.

What matrices hold does not change how long they take to multiply.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.pipelines.ltx.guidance import Guiding
from tests.fakes.hub import checkpoint_parts, checkpoints

GUIDED = "LTX-Video"
DISTILLED = "LTX-Video-0.9.7-distilled"
"""Folders named like the published checkpoints, so that they get their profiles: 50 steps with
guidance, and 7 fixed timesteps without (there the published weights are the 13B's, here the 2B's).
"""

D_MODEL = 4096
"""Width of T5-XXL: what the transformer's captions are projected from."""


STEPS = 50
TERAFLOP = 34.49
"""A forward of the 2B at 704x480x161, one sample (torch's FlopCounterMode on the real config)."""

PEAK = 790.0
"""TFLOP/s in bf16 that an H200 reaches in large matrix products."""


@dataclass(frozen=True, slots=True)
class Variant:
    name: str
    model: str
    ours: bool
    compiled: bool = False
    fp8: bool = False
    fast_attention: bool = True
    guidance: Guiding = Guiding.PLAIN
    distinct_levels: bool = False

    @property
    def forwards(self) -> int:
        """Samples that go through the transformer for a clip: guidance takes two a step."""
        return 2 * STEPS if self.model == GUIDED else 7

    @property
    def floor(self) -> float:
        """Seconds."""
        return self.forwards * TERAFLOP / PEAK


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds to load (and compile), of a warm clip's phases and as a whole, and of a step; the
    picture and the words are prepared, the latents decoded, the pixels copied to the host.
    """

    start: float
    prepare: float
    denoise: float
    decode: float
    copy: float
    clip: float
    step: float
    gigabytes: float


@dataclass(frozen=True, slots=True)
class Size:
    width: int
    height: int
    frames: int


def quieten() -> None:
    """Bars of what is saved are for a terminal, not for a file of figures."""
    from diffusers.utils import logging as of_diffusers
    from transformers.utils import logging as of_transformers

    logs: tuple[Any, Any] = (of_diffusers, of_transformers)
    for log in logs:
        log.disable_progress_bar()


def tiny(folder: Path) -> None:
    """The same two layouts, a megabyte each."""
    checkpoints.image_to_video(folder / GUIDED)
    checkpoints.condition(folder / DISTILLED)


def full_size(folder: Path) -> None:
    """Both layouts in bf16, built on the GPU; about 6 GB."""
    import torch

    torch.manual_seed(7)
    library = checkpoint_parts.library()
    with torch.device("cuda"):
        transformer = library.LTXVideoTransformer3DModel(
            in_channels=128,
            out_channels=128,
            num_attention_heads=32,
            attention_head_dim=64,
            cross_attention_dim=2048,
            num_layers=28,
            caption_channels=D_MODEL,
        ).to(torch.bfloat16)
        vae = library.AutoencoderKLLTXVideo().to(torch.bfloat16)  # its defaults are 0.9.0's
    parts = {
        "vae": vae,
        "text_encoder": text_encoder().to(torch.bfloat16),
        "tokenizer": checkpoint_parts.t5_tokenizer(),
        "transformer": transformer,
    }
    guided: Any = library.LTXImageToVideoPipeline(
        scheduler=checkpoint_parts.scheduler(dynamic=True), **parts
    )
    guided.save_pretrained(folder / GUIDED)
    _same_weights_distilled(folder / GUIDED, folder / DISTILLED)


def _same_weights_distilled(guided: Path, distilled: Path) -> None:
    """Written once: 6 GB on a disk that is lent with the GPU take their time."""
    distilled.mkdir()
    for part in ("vae", "text_encoder", "tokenizer", "transformer"):
        (distilled / part).symlink_to(guided / part)
    checkpoint_parts.scheduler(dynamic=False).save_pretrained(distilled / "scheduler")
    index = (guided / "model_index.json").read_text()
    renamed = index.replace("LTXImageToVideoPipeline", "LTXConditionPipeline")
    (distilled / "model_index.json").write_text(renamed)


def text_encoder() -> Any:
    """One narrow layer: T5 reads a prompt once a clip, and is not what is measured."""
    from transformers import T5Config, T5EncoderModel

    encoder: Any = T5EncoderModel(
        T5Config(
            vocab_size=128,
            d_model=D_MODEL,
            d_kv=64,
            d_ff=64,
            num_layers=1,
            num_heads=2,
            feed_forward_proj="gated-gelu",
            is_encoder_decoder=False,
            use_cache=False,
            dropout_rate=0.0,
        )
    )
    return encoder.eval()
