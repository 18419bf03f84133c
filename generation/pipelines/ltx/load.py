"""From names to weights in memory: local files only, safetensors only, the right class for them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from generation.pipelines.ltx.detection import folder_of, missing
from generation.pipelines.ltx.profiles import PipelineName, Profile

Pipe = Any
"""One of diffusers' LTX pipelines: their calls differ, and they share no type that says so."""

log = logging.getLogger("photoplay.engine")


def load(profile: Profile, model: str, device: torch.device) -> Pipe:
    """The pipeline on the CPU, ready to be placed: bf16 for a GPU, float32 without one.

    Raises `Misconfigured` where files are missing or cannot be read.
    """
    _quieten()
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    try:
        pipe = _loaded(profile, model, dtype)
    except (OSError, ValueError, SafetensorError) as error:  # for files that are not there, or cut
        log.warning("weights that cannot be read: %s", error)
        raise missing() from error
    pipe.set_progress_bar_config(disable=True)
    _fit_scheduler(pipe, profile)
    return pipe


def _quieten() -> None:
    """Their warnings quote prompts, which belong into no log; their bars are for a terminal."""
    from diffusers.utils import logging as of_diffusers
    from transformers.utils import logging as of_transformers

    logs: tuple[Any, Any] = (of_diffusers, of_transformers)
    for log in logs:
        log.set_verbosity_error()
        log.disable_progress_bar()


def _loaded(profile: Profile, model: str, dtype: torch.dtype) -> Pipe:
    folder = Path(model) if Path(model).is_dir() else folder_of(profile.base or profile.repo)
    kind = _class_of(profile.pipeline)
    if profile.file is not None:
        return kind.from_pretrained(
            folder,
            transformer=_from_single_file(profile, folder, dtype),
            dtype=dtype,
            local_files_only=True,
            use_safetensors=True,
        )
    if profile.pipeline is PipelineName.LTX2:
        return kind.from_pretrained(
            folder,
            prompt_enhancer=None,  # a second language model: what people write is not rewritten
            processor=None,
            duration_head=None,
            dtype=dtype,
            local_files_only=True,
            use_safetensors=True,
        )
    return kind.from_pretrained(folder, dtype=dtype, local_files_only=True, use_safetensors=True)


def _from_single_file(profile: Profile, base: Path, dtype: torch.dtype) -> Any:
    from diffusers import LTXVideoTransformer3DModel

    return LTXVideoTransformer3DModel.from_single_file(
        str(_single(profile)),
        config=str(base),
        subfolder="transformer",
        dtype=dtype,
        local_files_only=True,
    )


def _single(profile: Profile) -> Path:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(profile.repo, str(profile.file))
    if not isinstance(found, str):
        raise missing()
    return Path(found)


def _class_of(name: PipelineName) -> Pipe:
    """Asked for by itself and not as the folder says: text-to-video classes hold the same parts."""
    from diffusers import LTX2ConditionPipeline, LTXConditionPipeline, LTXImageToVideoPipeline

    match name:
        case PipelineName.IMAGE_TO_VIDEO:
            return LTXImageToVideoPipeline
        case PipelineName.CONDITION:
            return LTXConditionPipeline
        case PipelineName.LTX2:
            return LTX2ConditionPipeline


def _fit_scheduler(pipe: Pipe, profile: Profile) -> None:
    """Conditions fail with dynamic shifting (0.42), and a distilled schedule is used as it is."""
    if profile.pipeline is PipelineName.CONDITION or profile.schedule:
        pipe.register_modules(
            scheduler=type(pipe.scheduler).from_config(
                pipe.scheduler.config, use_dynamic_shifting=False, shift_terminal=None
            )
        )
