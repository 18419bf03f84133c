"""The LoRA that makes a full model a distilled one: on for a second pass, and for nothing else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from generation.pipelines.ltx.load import Pipe
from generation.pipelines.ltx.loras import (
    UNREADABLE,
    Matrices,
    add_adapter,
    layers_of,
    read_matrices,
)

NAME = "distilled"

log = logging.getLogger("photoplay.engine")


class SecondPassLora:
    """An adapter of its own, which lies beside the weights all the time: to read it for every clip
    would take longer than the pass. While it is off its layers are as if they had none.
    """

    def __init__(self, transformer: Any, matrices: Matrices) -> None:
        """peft turns on what it adds, and all else off."""
        before = {name: layer.active_adapters for name, layer in layers_of(transformer).items()}
        try:
            add_adapter(transformer, matrices, NAME)
        finally:
            for name, layer in layers_of(transformer).items():
                layer.set_adapter(before.get(name, []))
        self._layers = [one for one in layers_of(transformer).values() if NAME in one.lora_A]

    @contextmanager
    def on(self) -> Iterator[None]:
        """Together with the one of a motion, where there is one."""
        for layer in self._layers:
            layer.set_adapter([*layer.active_adapters, NAME])
        try:
            yield
        finally:
            for layer in self._layers:
                layer.set_adapter([name for name in layer.active_adapters if name != NAME])


def add_second_pass_lora(pipe: Pipe, path: Path) -> SecondPassLora | None:
    """After the LoRAs of motions, before the transformer has its place; `None` where it cannot be
    read. What the file holds for other parts than the transformer is left out, as its authors do.
    """
    there = {name for name, _ in pipe.transformer.named_modules()}
    try:
        found = read_matrices(pipe, str(path))
        matrices = {module: pair for module, pair in found.items() if module in there}
        if not matrices:
            raise ValueError("it is for another model")
        return SecondPassLora(pipe.transformer, matrices)
    except UNREADABLE as error:
        log.error("the LoRA for the second stage cannot be used: %s", type(error).__name__)
        return None
