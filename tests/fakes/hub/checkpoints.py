"""LTX checkpoints of a megabyte: the real classes with few channels and random weights, on disk.

All keep the real geometry (32 pixels and 8 frames a latent). torch is imported inside, so that the
suite without the model stack can collect this file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.fakes.hub import checkpoint_parts as parts
from tests.fakes.hub import distilled_lora


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


def staged(folder: Path) -> Path:
    """0.9.7 and later, with an upsampler beside it."""
    parts.upsampler().save_pretrained(condition(folder) / "latent_upsampler")
    return folder


def staged_ltx2(folder: Path) -> Path:
    parts.upsampler_2().save_pretrained(ltx2(folder) / "latent_upsampler")
    return folder


def staged_full_ltx2(folder: Path) -> Path:
    """With what makes it a distilled one for its second pass."""
    from safetensors.torch import save_file

    staged_ltx2(folder)
    save_file(distilled_lora.weights(), folder / distilled_lora.FILE)
    return folder


def plain() -> Any:
    """The class with which people load any of them."""
    return parts.library().DiffusionPipeline


def _saved(pipeline: Any, vae: Any, scheduler: Any, folder: Path) -> Path:
    encoder = parts.t5()
    pipeline(
        scheduler=scheduler,
        vae=vae,
        text_encoder=encoder,
        tokenizer=parts.t5_tokenizer(),
        transformer=parts.transformer(),
    ).save_pretrained(folder)
    _as_on_the_hub(folder, encoder)
    return folder


TOKENIZER = {
    "added_tokens.json": {},
    "special_tokens_map.json": {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"},
    "tokenizer_config.json": {
        "tokenizer_class": "T5Tokenizer",
        "extra_ids": 0,
        "legacy": True,
        "model_max_length": 128,
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
    },
}


def _as_on_the_hub(folder: Path, encoder: Any) -> None:
    """T5 in float32 shards, its words as a SentencePiece model: what no library saves today."""
    for saved in (folder / "tokenizer").iterdir():
        saved.unlink()
    for name, content in TOKENIZER.items():
        (folder / "tokenizer" / name).write_text(json.dumps(content))
    (folder / "tokenizer" / "spiece.model").write_bytes(parts.t5_pieces())
    for saved in (folder / "text_encoder").iterdir():
        saved.unlink()
    encoder.save_pretrained(folder / "text_encoder", max_shard_size="6KB")


def hub_cache(home: Path) -> Path:
    """HF_HOME as a download leaves it: the 2B distilled single file, and its base without what
    the file holds: of transformer and VAE only the configuration is there.
    """
    from safetensors.torch import load_file, save_file

    base = _saved(
        parts.library().LTXConditionPipeline,
        parts.vae_095(deepest=parts.PUBLISHED_DEPTH),
        parts.scheduler(dynamic=False),
        _snapshot(home, "Lightricks--LTX-Video-0.9.5"),
    )
    published: dict[str, Any] = {}
    for part, renamed in (("transformer", as_published), ("vae", vae_as_published)):
        stored = base / part / "diffusion_pytorch_model.safetensors"
        published |= {renamed(name): weight for name, weight in load_file(stored).items()}
        stored.unlink()
    single = _snapshot(home, "Lightricks--LTX-Video") / "ltxv-2b-0.9.8-distilled.safetensors"
    save_file(published, single)
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


def as_published(name: str) -> str:
    """What Lightricks call a weight of the transformer in their own files."""
    for ours, theirs in {
        "proj_in": "patchify_proj",
        "time_embed": "adaln_single",
        "norm_q": "q_norm",
        "norm_k": "k_norm",
    }.items():
        name = name.replace(ours, theirs)
    return f"model.diffusion_model.{name}"


def vae_as_published(name: str) -> str:
    """The same for the VAE of 0.9.5 and later, whose blocks stand in one row."""
    half, _, rest = name.partition(".")
    if half == "decoder":
        rest = rest.replace("mid_block", "up_blocks.0") if "mid_block" in rest else _up(rest)
        for last in ("time_embedder", "scale_shift_table"):
            rest = f"last_{rest}" if rest.startswith(last) else rest
    elif half == "encoder":
        rest = rest.replace("mid_block", "down_blocks.8") if "mid_block" in rest else _down(rest)
    else:
        means = {"latents_mean": "mean-of-means", "latents_std": "std-of-means"}
        return f"vae.per_channel_statistics.{means[name]}"
    rest = rest.replace("resnets", "res_blocks").replace("conv_shortcut.conv", "conv_shortcut")
    return f"vae.{half}.{rest.replace('norm3.', 'norm3.norm.')}"


def _up(name: str) -> str:
    sampled = re.sub(
        r"up_blocks\.(\d)\.upsamplers\.0", lambda m: f"up_blocks.{2 * int(m[1]) + 1}", name
    )
    if sampled != name:
        return sampled
    return re.sub(r"up_blocks\.(\d)", lambda m: f"up_blocks.{2 * int(m[1]) + 2}", name)


def _down(name: str) -> str:
    sampled = re.sub(
        r"down_blocks\.(\d)\.downsamplers\.0", lambda m: f"down_blocks.{2 * int(m[1]) + 1}", name
    )
    if sampled != name:
        return sampled
    return re.sub(r"down_blocks\.(\d)", lambda m: f"down_blocks.{2 * int(m[1])}", name)
