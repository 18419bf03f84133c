"""From names to weights in memory: local files only, safetensors only, a component at a time."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from generation.engine.pipeline import OnLoading
from generation.errors import Misconfigured
from generation.pipelines.ltx.detection import folder_of, weights_not_here
from generation.pipelines.ltx.profiles import UNUSED, PipelineName, Profile
from generation.pipelines.ltx.weights.needed import INDEX, NotDiffusers, components
from generation.pipelines.ltx.weights.present import weights_missing

Pipe = Any
"""One of diffusers' LTX pipelines: their calls differ, and they share no type that says so."""

Place = Callable[[str, Any], None]
"""Puts a component, by its name, where it works, before the next one is read."""

LAST = "transformer"
"""Read when all others have their place, and placed by whoever adds LoRAs to it before."""

log = logging.getLogger("photoplay.engine")


def load(
    profile: Profile, model: str, device: torch.device, place: Place, loading: OnLoading
) -> Pipe:
    """The pipeline, whose transformer alone has no place yet: bf16 for a GPU, else float32.

    Raises `Misconfigured` where files are missing or cannot be read.
    """
    _quieten()
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    checkpoint = _checkpoint(profile, model, dtype)
    try:
        pipe = _assembled(checkpoint, place, loading)
    except (OSError, ValueError, ImportError, KeyError, SafetensorError) as error:
        raise _unreadable(error, profile, model) from error
    pipe.set_progress_bar_config(disable=True)
    _fit_scheduler(pipe, profile)
    return pipe


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`folder` is in diffusers' layout; `file`, where there is one, holds transformer and VAE."""

    kind: Any
    folder: Path
    file: Path | None
    dtype: torch.dtype

    @property
    def names(self) -> list[str]:
        """Of all components that are loaded, `LAST` last. Raises `NotDiffusers`, `OSError`."""
        found = components((self.folder / INDEX).read_bytes()).keys() - UNUSED - {LAST}
        return [*sorted(found), LAST]

    def part(self, name: str) -> Any:
        if self.file is not None and name in ("transformer", "vae"):
            return self._from_file(name, self.file)
        index: dict[str, Any] = json.loads((self.folder / INDEX).read_bytes())
        others = {other: None for other in {*index, *UNUSED} if other[0] != "_" and other != name}
        alone = self.kind.from_pretrained(
            self.folder, **others, dtype=self.dtype, local_files_only=True, use_safetensors=True
        )
        return getattr(alone, name)

    def _from_file(self, name: str, file: Path) -> Any:
        from diffusers import AutoencoderKLLTXVideo, LTXVideoTransformer3DModel

        kinds: dict[str, Any] = {
            "transformer": LTXVideoTransformer3DModel,
            "vae": AutoencoderKLLTXVideo,
        }
        return kinds[name].from_single_file(
            str(file),
            config=str(self.folder),
            subfolder=name,
            dtype=self.dtype,
            local_files_only=True,
        )


def _checkpoint(profile: Profile, model: str, dtype: torch.dtype) -> Checkpoint:
    folder = Path(model) if Path(model).is_dir() else folder_of(profile.base or profile.repo)
    file = None if profile.file is None else _single(profile)
    return Checkpoint(_class_of(profile.pipeline), folder, file, dtype)


def _assembled(checkpoint: Checkpoint, place: Place, loading: OnLoading) -> Pipe:
    try:
        names = checkpoint.names
    except NotDiffusers as error:
        raise OSError(f"{INDEX} names no components") from error
    parts: dict[str, Any] = {}
    for done, name in enumerate(names):
        loading(name, done, len(names))
        parts[name] = checkpoint.part(name)
        if name != LAST and isinstance(parts[name], torch.nn.Module):
            place(name, parts[name])
    return checkpoint.kind(**parts)


def _unreadable(error: Exception, profile: Profile, model: str) -> Misconfigured:
    """Missing is said only of what is missing or cut: another download mends nothing else."""
    log.warning("the weights cannot be loaded: %s: %s", type(error).__name__, error)
    if isinstance(error, OSError | SafetensorError) or weights_missing(profile, model):
        return weights_not_here()
    return Misconfigured(
        f"The weights of {profile.name} are here, but the installed libraries cannot load them; "
        "please install them anew with `pip install --upgrade 'photoplay[ltx]'`. "
        "The log has their own words."
    )


def _quieten() -> None:
    """Their warnings quote prompts, which belong into no log; their bars are for a terminal."""
    from diffusers.utils import logging as of_diffusers
    from transformers.utils import logging as of_transformers

    logs: tuple[Any, Any] = (of_diffusers, of_transformers)
    for log in logs:
        log.set_verbosity_error()
        log.disable_progress_bar()


def _single(profile: Profile) -> Path:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(profile.repo, str(profile.file))
    if not isinstance(found, str):
        raise weights_not_here()
    return Path(found)


def _class_of(name: PipelineName) -> Any:
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
        pipe.register_modules(scheduler=unshifted(pipe.scheduler))


def unshifted(scheduler: Any) -> Any:
    """The same one, which uses a schedule as it stands."""
    return type(scheduler).from_config(
        scheduler.config, use_dynamic_shifting=False, shift_terminal=None
    )
