"""Asks torch what it can use of this machine's GPUs, in a process of its own if need be.

`python -m generation.pipelines.ltx.cuda_probe` prints it as JSON.
"""

from __future__ import annotations

import os
import sys
import warnings

from generation.pipelines.ltx.cuda import Card, Cuda


def examine() -> Cuda:
    """Loads torch, which takes seconds, and wakes the driver."""
    import torch

    if os.environ.get("CUDA_VISIBLE_DEVICES", "all").strip() in ("", "-1"):
        return Cuda(problem="CUDA_VISIBLE_DEVICES hides every GPU from photoplay.")
    if torch.version.cuda is None:
        return Cuda(
            problem="The installed torch is one for processors: "
            "install torch for CUDA as pytorch.org says."
        )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        available = torch.cuda.is_available()
    if not available:
        return Cuda(problem=reason_of(str(said[0].message) if said else "", torch.version.cuda))
    found = (torch.cuda.get_device_properties(i) for i in range(torch.cuda.device_count()))
    return Cuda(tuple(Card(p.name, p.total_memory, (p.major, p.minor)) for p in found))


def reason_of(said: str, version: str) -> str:
    """What torch `said` while it found no GPU, and the CUDA it was built for."""
    if "driver" in said and "old" in said:
        return (
            f"The NVIDIA driver is too old for CUDA {version}, which the installed torch needs: "
            "update the driver."
        )
    return "The NVIDIA driver gives torch no GPU: update or restart it."


if __name__ == "__main__":
    sys.stdout.write(examine().to_json())
