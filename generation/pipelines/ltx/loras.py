"""Camera LoRAs: a small set of weights for each motion, all read at the start."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from generation.directions.vocabulary import Motion
from generation.pipelines.ltx.options import Lora

log = logging.getLogger("photoplay.engine")

SHARED = "motion"
"""The adapter whose weights are exchanged: compiled blocks stay as they are."""

UNREADABLE = (OSError, ValueError, RuntimeError, KeyError, SafetensorError)
"""What comes of a file that is no LoRA, or one for another model."""

PART = "transformer."
"""Before the names of its weights: a file may hold some for other components."""


Matrices = Mapping[str, tuple[torch.Tensor, torch.Tensor]]


@dataclass(frozen=True, slots=True)
class _Read:
    """One file, on the host: by module the two matrices, the second one at its full strength."""

    motion: Motion
    strength: float
    matrices: Matrices

    @property
    def rank(self) -> int:
        return max(down.shape[0] for down, _ in self.matrices.values())


class Loras:
    """Switches between the adapters of one transformer; what cannot be used is left out and said.

    LoRAs of the same modules share one adapter as wide as the largest of them, whose weights are
    exchanged; no LoRA is that adapter at strength 0. Others get an adapter of their own, for which
    compiled blocks are compiled once more. Made before the transformer is placed or compiled.
    """

    def __init__(self, pipe: Any, loras: Mapping[Motion, Lora]) -> None:
        self._transformer = pipe.transformer
        self._sharing: dict[Motion, _Read] = {}
        self._own: dict[Motion, _Read] = {}
        self._held: Motion | None = None
        found = list(_all_read(pipe, loras))
        if found:
            self._install(found)

    def settle(self, device: torch.device) -> None:
        """Once the transformer has its place: strengths are no weights, so nothing moved them."""
        for layer in self._layers.values():
            for name, strength in layer.scaling.items():
                if isinstance(strength, torch.Tensor):
                    layer.scaling[name] = strength.to(device)

    def use(self, motion: Motion) -> None:
        """Turn on this motion's LoRA, and every other one off."""
        if motion in self._own:
            self._activate(_own_name(motion))
            return
        if self._own:
            self._activate(SHARED)
        if motion in self._sharing and motion is not self._held:
            self._exchange(self._sharing[motion])
        if self._sharing:
            self._strengthen(self._sharing[motion].strength if motion in self._sharing else 0.0)

    def _install(self, found: list[_Read]) -> None:
        widest = max(found, key=lambda one: len(one.matrices))
        sharing = [one for one in found if one.matrices.keys() <= widest.matrices.keys()]
        self._transformer.enable_lora_hotswap(target_rank=max(one.rank for one in sharing))
        add_adapter(self._transformer, widest.matrices, SHARED)
        self._sharing = {one.motion: one for one in sharing}
        for one in found:
            if one.motion not in self._sharing:
                log.warning(
                    "the LoRA for %s changes other parts of the model than the others: "
                    "its first clip takes longer",
                    one.motion,
                )
                add_adapter(self._transformer, one.matrices, _own_name(one.motion))
                self._own[one.motion] = one
        for one in self._own.values():
            for layer in self._layers.values():
                if _own_name(one.motion) in layer.scaling:
                    layer.scaling[_own_name(one.motion)] = one.strength
        self._activate(SHARED)
        self._strengthen(0.0)

    @property
    def _layers(self) -> dict[str, Any]:
        return layers_of(self._transformer)

    def _activate(self, name: str) -> None:
        for layer in self._layers.values():
            layer.set_adapter([name])

    def _exchange(self, one: _Read) -> None:
        """In place, so that neither compiled graphs nor copies on the host notice."""
        for module, layer in self._layers.items():
            if SHARED not in layer.lora_A:
                continue
            down, up = layer.lora_A[SHARED].weight.data, layer.lora_B[SHARED].weight.data
            down.zero_()
            up.zero_()
            if module in one.matrices:
                new_down, new_up = one.matrices[module]
                down[: len(new_down)].copy_(new_down)
                up[:, : len(new_down)].copy_(new_up)
        self._held = one.motion

    def _strengthen(self, strength: float) -> None:
        for layer in self._layers.values():
            if SHARED in layer.scaling:
                layer.scaling[SHARED].fill_(strength)


def _all_read(pipe: Any, loras: Mapping[Motion, Lora]) -> Iterator[_Read]:
    for motion, lora in loras.items():
        try:
            yield _Read(motion, lora.weight, read_matrices(pipe, lora.path))
        except UNREADABLE as error:
            log.error("the LoRA for %s cannot be used: %s", motion, type(error).__name__)


def read_matrices(pipe: Any, path: str) -> Matrices:
    """By module of the transformer. Raises what is `UNREADABLE`."""
    return _matrices(*_read_file(pipe, path))


def add_adapter(transformer: Any, matrices: Matrices, name: str) -> None:
    """Beside those that are there, and active in layers that have had none."""
    weights = {}
    for module, (down, up) in matrices.items():
        weights[f"{PART}{module}.lora_A.weight"] = down
        weights[f"{PART}{module}.lora_B.weight"] = up
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Already found a `peft_config`")  # ours, indeed
        transformer.load_lora_adapter(weights, adapter_name=name)
    for layer in layers_of(transformer).values():
        if name in layer.lora_A:
            layer.lora_A[name].to(transformer.dtype)
            layer.lora_B[name].to(transformer.dtype)


def layers_of(transformer: Any) -> dict[str, Any]:
    """Those that have a LoRA, by their names."""
    from peft.tuners.lora.layer import LoraLayer

    modules = transformer.named_modules()
    return {name: module for name, module in modules if isinstance(module, LoraLayer)}


def _read_file(pipe: Any, path: str) -> tuple[Mapping[str, torch.Tensor], Mapping[str, Any]]:
    """Weights in diffusers' names, and what the trainer wrote beside them."""
    folder, name = _place(path)
    found, metadata = pipe.lora_state_dict(
        folder,
        weight_name=name,
        local_files_only=True,
        use_safetensors=True,
        return_lora_metadata=True,
    )
    return found, metadata or {}


def _matrices(
    found: Mapping[str, torch.Tensor], metadata: Mapping[str, Any]
) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """Raises `ValueError`, `KeyError` where there is nothing in it for the transformer."""
    end = ".lora_A.weight"
    modules = [
        name.removeprefix(PART).removesuffix(end)
        for name in found
        if name.startswith(PART) and name.endswith(end)
    ]
    if not modules:
        raise ValueError("no weights for the transformer")
    pairs = {m: (found[f"{PART}{m}{end}"], found[f"{PART}{m}.lora_B.weight"]) for m in modules}
    return {m: (down, up * _strength(m, len(down), metadata)) for m, (down, up) in pairs.items()}


def _strength(module: str, rank: int, metadata: Mapping[str, Any]) -> float:
    """alpha / rank, as the trainer wrote down; 1 where nothing was."""
    from peft.utils.other import get_pattern_key

    patterns: Mapping[str, float] = metadata.get(f"{PART}alpha_pattern") or {}
    alpha = metadata.get(f"{PART}lora_alpha", rank)
    if patterns:
        alpha = patterns.get(get_pattern_key(list(patterns), module), alpha)
    root = math.sqrt(rank) if metadata.get(f"{PART}use_rslora") else rank
    return float(alpha) / root


def _place(path: str) -> tuple[str, str]:
    """Folder (or hub id, whose files are in the cache) and the file that trainers write."""
    if Path(path).is_file():
        return str(Path(path).parent), Path(path).name
    found = sorted(Path(path).glob("*.safetensors")) if Path(path).is_dir() else []
    return path, found[0].name if found else "pytorch_lora_weights.safetensors"


def _own_name(motion: Motion) -> str:
    """A name may hold no dash."""
    return f"motion_{motion.value.replace('-', '_')}"
