"""Camera LoRAs: a small set of weights for each motion, loaded when it is first asked for."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generation.directions.vocabulary import Motion
from generation.pipelines.ltx.options import Lora

log = logging.getLogger("photoplay.engine")

PREFIX = "motion_"
"""Before the names of adapters: a name may hold no dash."""


class Loras:
    """Switches between adapters of one pipeline; what cannot be loaded is left out and said.

    All stay loaded, so a switch moves no weights; compiled blocks are compiled anew for each once.
    """

    def __init__(self, pipe: Any, loras: Mapping[Motion, Lora]) -> None:
        self._pipe = pipe
        self._loras = loras
        self._loaded: set[Motion] = set()
        self._broken: set[Motion] = set()

    def use(self, motion: Motion) -> None:
        """Turn on this motion's LoRA, and every other one off."""
        if not self._loras:
            return
        if motion in self._loras and motion not in self._loaded | self._broken:
            self._load(motion)
        if motion in self._loaded:
            self._pipe.enable_lora()
            self._pipe.set_adapters([_name(motion)], [self._loras[motion].weight])
        elif self._loaded:
            self._pipe.disable_lora()

    def _load(self, motion: Motion) -> None:
        from safetensors import SafetensorError

        folder, name = _place(self._loras[motion].path)
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Already found a `peft_config`")  # ours, indeed
                self._pipe.load_lora_weights(
                    folder,
                    weight_name=name,
                    adapter_name=_name(motion),
                    local_files_only=True,
                    use_safetensors=True,
                )
        except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
            self._broken.add(motion)
            log.error("the LoRA for %s cannot be used: %s", motion, type(error).__name__)
        else:
            self._loaded.add(motion)


def _place(path: str) -> tuple[str, str]:
    """Folder (or hub id, whose files are in the cache) and the file that trainers write."""
    if Path(path).is_file():
        return str(Path(path).parent), Path(path).name
    found = sorted(Path(path).glob("*.safetensors")) if Path(path).is_dir() else []
    return path, found[0].name if found else "pytorch_lora_weights.safetensors"


def _name(motion: Motion) -> str:
    return PREFIX + motion.value.replace("-", "_")
