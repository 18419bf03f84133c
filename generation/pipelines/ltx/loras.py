"""Camera LoRAs: a small set of weights for each motion, loaded when it is first asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generation.directions.vocabulary import Motion
from generation.pipelines.ltx.options import Lora

log = logging.getLogger("photoplay.engine")

PREFIX = "motion_"
"""Before the names of adapters: a name may hold no dash."""


class Loras:
    """Switches between adapters of one pipeline; what cannot be loaded is left out and said."""

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
        path = Path(self._loras[motion].path)
        try:
            if path.is_file():
                self._pipe.load_lora_weights(
                    str(path.parent),
                    weight_name=path.name,
                    adapter_name=_name(motion),
                    local_files_only=True,
                    use_safetensors=True,
                )
            else:
                self._pipe.load_lora_weights(
                    str(path),
                    adapter_name=_name(motion),
                    local_files_only=True,
                    use_safetensors=True,
                )
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            self._broken.add(motion)
            log.error("the LoRA for %s cannot be used: %s", motion, type(error).__name__)
        else:
            self._loaded.add(motion)


def _name(motion: Motion) -> str:
    return PREFIX + motion.value.replace("-", "_")
