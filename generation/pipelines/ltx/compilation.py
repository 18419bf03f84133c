"""Compiles the transformer's blocks, keeps the kernels on disk, and does without where it fails."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path
from typing import Any

import torch

from generation.pipelines.ltx.options import Compile, Memory

GRAPHS = 64
"""Graphs a block may have before torch gives up: guidance of LTX-2 takes 6, a LoRA of its own kind
2 or 3 more, and beyond torch's 8 a job would end with an error.
"""

log = logging.getLogger("photoplay.engine")


class KernelCache:
    """Compiled kernels outlive the process: the next start of the same model finds them.

    A file names what was compiled to its end; without it a start takes minutes.
    """

    def __init__(self, folder: Path, model: str, card: str) -> None:
        said = f"{model}\n{card}\n{torch.__version__}"
        self._stamp = folder / f"{hashlib.sha256(said.encode()).hexdigest()[:16]}.compiled"
        self.folder = folder

    @property
    def complete(self) -> bool:
        return self._stamp.exists()

    def use(self) -> None:
        os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(self.folder))

    def mark(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._stamp.touch()
        except OSError as error:
            log.warning("compiled kernels cannot be kept in %s: %s", self.folder, error.strerror)


def kernel_folder() -> Path:
    home = os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface"
    return Path(home) / "photoplay-kernels"


def wanted(asked: Compile, how: Memory, cache: KernelCache, *, cuda: bool) -> bool:
    """Whether blocks are compiled; what does not fit is said."""
    match asked:
        case Compile.OFF:
            return False
        case Compile.AUTO:
            compiled = cuda
        case Compile.ON:
            compiled = True
        case Compile.CACHED:
            compiled = cuda and cache.complete
    if compiled and how is Memory.LOW:
        log.warning("engine.compile does not go together with engine.memory=low; it is left out")
        return False
    return compiled


def compile_blocks(transformer: Any, *, cached: bool, backend: str = "inductor") -> None:
    """Once for all sizes: `cached` is whether a first-block cache breaks the graphs.

    Sizes that are equal by chance in the first clip are not taken to be equal for ever.
    """
    import torch._dynamo
    from torch.fx.experimental import _config as shapes

    torch._dynamo.config.recompile_limit = GRAPHS
    shapes.use_duck_shape = False
    transformer.compile_repeated_blocks(fullgraph=not cached, dynamic=True, backend=backend)
    log.info("the transformer's blocks are compiled; the first step after a start takes longer")


def is_compiled(transformer: Any) -> bool:
    return any(block._compiled_call_impl is not None for block in transformer.transformer_blocks)


def back_to_eager(transformer: Any, error: Exception) -> None:
    """No compiler, no headers, a cache that cannot be written: slower, but clips come."""
    log.warning("the model cannot be compiled, so it runs slower: %s", _first_line(error))
    for block in transformer.transformer_blocks:
        block._compiled_call_impl = None


def failed_to_compile(error: BaseException) -> bool:
    from torch._dynamo.exc import TorchDynamoException

    return isinstance(error, TorchDynamoException)


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:300] if lines else ''}"
