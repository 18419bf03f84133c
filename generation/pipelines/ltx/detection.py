"""Which profile a local folder has: by its name, else by its configuration; free of torch."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from generation.errors import Misconfigured
from generation.pipelines.ltx.checkpoint_sizes import Sizes
from generation.pipelines.ltx.profiles import (
    CONDITIONED,
    DISTILLED_2B,
    DISTILLED_SIGMAS,
    DISTILLED_TIMESTEPS,
    GUIDED,
    PROFILES,
    PipelineName,
    Profile,
    profile_of,
)
from generation.pipelines.ltx.stages import (
    FOLDER,
    NEWER_STAGES,
    SOUND_STAGES,
    DistilledLora,
    Stages,
)

INDEX = "model_index.json"
DEEP = 40
"""Transformer blocks above which a distilled LTX-Video is the 13B one (48), not the 2B one (28)."""

SMALL_PARTS = ("vae", "audio_vae", "connectors", "vocoder")
"""What is loaded beside the transformer and the text encoder; a folder may hold more."""

DISTILLED_LORA = "*distilled-lora*.safetensors"
"""What its authors call the LoRA that makes a full LTX-2 a distilled one."""

HALF = 2
"""Bytes of a bf16 weight, whatever it is stored as."""

DYNAMIC = "use_dynamic_shifting"
"""The first schedulers shift by the size of the picture; those made for conditions do not."""

UNKNOWN_LICENCE = "An LTX checkpoint of your own: the licence of the model it comes from applies."


def profile_for(model: str) -> Profile:
    """What `engine.model` names: a known name or hub id, a local folder, a repository on disk.

    Raises `Misconfigured`.
    """
    return profile_of(model) or recognise(folder_of(model))


def folder_of(model: str) -> Path:
    """Where the weights lie: a folder of that name, or the hub's cache. Raises `Misconfigured`."""
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError):
        raise weights_not_here() from None


def weights_not_here() -> Misconfigured:
    return Misconfigured(
        "The model's weights are not on this machine, or not completely; "
        "please run `photoplay download`, then start again."
    )


def recognise(folder: Path) -> Profile:
    """The profile of a checkpoint in diffusers' layout; its sizes are those of the files there.

    Raises `Misconfigured` where there is none, or one of another family.
    """
    index = _config(folder / INDEX)
    name = str(index.get("_class_name", ""))
    if not name.startswith("LTX"):
        raise Misconfigured(
            "engine.model names a folder without an LTX model in diffusers' layout; "
            "name another folder, or a hub id such as Lightricks/LTX-Video."
        )
    profile = _known(folder, name) or _derived(folder, name)
    return replace(profile, sizes=_sizes(folder), stages=_stages(folder, profile))


def _known(folder: Path, name: str) -> Profile | None:
    """By the folder's own name, or by that of the hub's cache around a snapshot."""
    sounding = name.startswith("LTX2")
    names = {folder.name} | {
        part.rpartition("--")[2] for part in folder.parts if part.startswith("models--")
    }
    fitting = (it for it in PROFILES if it.file is None and it.audio is sounding)
    return next((it for it in fitting if it.name in names), None)


def _stages(folder: Path, profile: Profile) -> Stages | None:
    """An upsampler beside a checkpoint of one's own is one for its two stages; a full LTX-2 wants
    its LoRA as well.
    """
    if profile.stages or not (folder / FOLDER).is_dir():
        return profile.stages
    if not profile.audio:
        return NEWER_STAGES if profile.pipeline is PipelineName.CONDITION else None
    if profile.schedule:
        return SOUND_STAGES
    file = next(iter(sorted(folder.glob(DISTILLED_LORA))), None)
    if file is None:
        return None
    size = HALF * _weights(file) / 1e9
    return replace(SOUND_STAGES, lora=DistilledLora(profile.repo, file.name, size))


def _derived(folder: Path, name: str) -> Profile:
    transformer = _config(folder / "transformer" / "config.json")
    distilled = "distilled" in str(folder).lower()
    if name.startswith("LTX2"):
        return _ltx2(folder.name, transformer, distilled=distilled)
    vae = _config(folder / "vae" / "config.json")
    dynamic = bool(_config(folder / "scheduler" / "scheduler_config.json").get(DYNAMIC))
    conditioned = name == PipelineName.CONDITION or not dynamic
    depth = int(transformer.get("num_layers", 28))
    schedule = DISTILLED_TIMESTEPS if depth > DEEP else DISTILLED_2B
    distilled = distilled and conditioned
    timestep = bool(vae.get("timestep_conditioning"))
    return Profile(
        name=folder.name,
        repo=folder.name,
        pipeline=PipelineName.CONDITION if conditioned else PipelineName.IMAGE_TO_VIDEO,
        licence=UNKNOWN_LICENCE,
        sizes=Sizes(0.0, 0.0, 0.0),
        steps=40 if conditioned else 50,
        guidance=1.0 if distilled else 3.0,
        guidance_rescale=0.7 if conditioned and not distilled else 0.0,
        schedule=schedule if distilled else (),
        decode_timestep=0.05 if timestep else 0.0,
        decode_noise=0.025 if timestep else None,
        tokens=256 if conditioned else 128,
        options=_options(distilled=distilled, conditioned=conditioned),
    )


def _ltx2(name: str, transformer: Mapping[str, Any], *, distilled: bool) -> Profile:
    modulated = bool(transformer.get("cross_attn_mod"))  # what 2.3 has and 2.0 has not
    return Profile(
        name=name,
        repo=name,
        pipeline=PipelineName.LTX2,
        licence=UNKNOWN_LICENCE,
        sizes=Sizes(0.0, 0.0, 0.0),
        steps=30 if modulated else 40,
        guidance=1.0 if distilled else 3.0,
        guidance_rescale=0.0 if distilled else 0.7,
        schedule=DISTILLED_SIGMAS if distilled else (),
        tokens=1024,
        audio=True,
        skipped=min(28 if modulated else 29, int(transformer.get("num_layers", 48)) - 1),
        crossed=modulated,
        options=_options(distilled=distilled, conditioned=True),
    )


def _options(*, distilled: bool, conditioned: bool) -> frozenset[str]:
    guided = frozenset[str]() if distilled else GUIDED
    return guided | (CONDITIONED if conditioned else frozenset())


def _config(path: Path) -> dict[str, Any]:
    """Empty where there is no such file, or none that can be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _sizes(folder: Path) -> Sizes:
    return Sizes(
        transformer=_gigabytes(folder / "transformer"),
        text_encoder=_gigabytes(folder / "text_encoder"),
        rest=sum(_gigabytes(folder / part) for part in SMALL_PARTS),
    )


def _gigabytes(component: Path) -> float:
    return HALF * sum(_weights(path) for path in component.glob("*.safetensors")) / 1e9


def _weights(path: Path) -> int:
    """How many, by the header of the file: a length of 8 bytes, then JSON."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    return sum(math.prod(tensor["shape"]) for tensor in header.values())
