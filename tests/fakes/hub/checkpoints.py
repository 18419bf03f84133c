"""LTX checkpoints of a megabyte: the real classes with few channels and random weights, on disk.

All keep the real geometry (32 pixels and 8 frames a latent). torch is imported inside, so that the
suite without the model stack can collect this file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fakes.hub import checkpoint_parts as parts


def image_to_video(folder: Path) -> Path:
    """0.9.0."""
    return _saved(
        parts.library().LTXImageToVideoPipeline,
        parts.vae_090(),
        parts.scheduler(dynamic=True),
        folder,
    )


def timestep_image_to_video(folder: Path) -> Path:
    """0.9.1: the first one whose decoder finishes the denoising."""
    return _saved(
        parts.library().LTXImageToVideoPipeline,
        parts.vae_091(),
        parts.scheduler(dynamic=True),
        folder,
    )


def condition(folder: Path) -> Path:
    """0.9.5 and later; a folder with `distilled` in its name is a distilled one."""
    return _saved(
        parts.library().LTXConditionPipeline,
        parts.vae_095(),
        parts.scheduler(dynamic=False),
        folder,
    )


def ltx2(folder: Path) -> Path:
    """LTX-2, pictures and sound."""
    import torch

    torch.manual_seed(7)
    pipeline = parts.library().LTX2ConditionPipeline(
        scheduler=parts.scheduler(dynamic=True),
        vae=parts.vae_2(),
        audio_vae=parts.audio_vae(),
        text_encoder=parts.gemma(),
        tokenizer=parts.gemma_tokenizer(),
        connectors=parts.connectors(),
        transformer=parts.transformer_2(),
        vocoder=parts.vocoder(),
    )
    pipeline.save_pretrained(folder)
    return folder


def plain() -> Any:
    """The class with which people load any of them."""
    return parts.library().DiffusionPipeline


def _saved(pipeline: Any, vae: Any, scheduler: Any, folder: Path) -> Path:
    pipeline(
        scheduler=scheduler,
        vae=vae,
        text_encoder=parts.t5(),
        tokenizer=parts.t5_tokenizer(),
        transformer=parts.transformer(),
    ).save_pretrained(folder)
    return folder


def hub_cache(home: Path) -> Path:
    """HF_HOME as a download leaves it: the 2B distilled single file, and its base without it."""
    from safetensors.torch import load_file, save_file

    base = condition(_snapshot(home, "Lightricks--LTX-Video-0.9.5"))
    stored = base / "transformer" / "diffusion_pytorch_model.safetensors"
    weights = {_as_published(name): weight for name, weight in load_file(stored).items()}
    stored.unlink()
    single = _snapshot(home, "Lightricks--LTX-Video") / "ltxv-2b-0.9.8-distilled.safetensors"
    save_file(weights, single)
    return home


def _snapshot(home: Path, repository: str) -> Path:
    """An empty snapshot which is the cache's `main`."""
    commit = "0" * 40
    cached = home / "hub" / f"models--{repository}"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text(commit)
    snapshot = cached / "snapshots" / commit
    snapshot.mkdir(parents=True)
    return snapshot


def _as_published(name: str) -> str:
    """What Lightricks call a weight in their own files."""
    for ours, theirs in {
        "proj_in": "patchify_proj",
        "time_embed": "adaln_single",
        "norm_q": "q_norm",
        "norm_k": "k_norm",
    }.items():
        name = name.replace(ours, theirs)
    return f"model.diffusion_model.{name}"
