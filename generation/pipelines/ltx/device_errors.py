"""Which errors mean that memory ran out, and which that the GPU answers nobody any more."""

from __future__ import annotations

import torch

FULL = ("out of memory", "alloc_failed", "unable to find an engine to execute this computation")
"""What cuBLAS, cuDNN and the driver say in words: they have no type for it."""

DEAD = ("cuda error", "cublas_status_", "cudnn_status_", "unspecified launch failure")
"""After these every further call of the same process fails."""


def is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and _says(error, FULL)


def is_dead(error: BaseException) -> bool:
    """Whether the process has to end: what is queued would fail in milliseconds, job after job."""
    if is_out_of_memory(error) or not isinstance(error, RuntimeError):
        return False
    return isinstance(error, torch.AcceleratorError) or _says(error, DEAD)


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return any(word in text for word in words)
