"""What an engine's process may know of its parent's environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

INHERITED = frozenset(
    {
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "TZ",
        "LD_LIBRARY_PATH",
        "XDG_CACHE_HOME",
        "HF_HOME",
        "HF_HUB_CACHE",
        "CUDA_HOME",
        "CUDA_PATH",
        "CUDA_VISIBLE_DEVICES",
        "CUDA_DEVICE_ORDER",
        "PYTORCH_ALLOC_CONF",
        "PYTORCH_CUDA_ALLOC_CONF",
        "OMP_NUM_THREADS",
        "IMAGEIO_FFMPEG_EXE",
        "TORCHINDUCTOR_CACHE_DIR",
        "TRITON_CACHE_DIR",
        "CC",
        "CXX",
        "CPATH",
    }
)
"""What an engine's process may know of our environment: nothing that could be a secret. A compiler
is found by the last ones.
"""

ALLOCATOR = "expandable_segments:True"
"""Clips of many sizes would leave the card's memory in pieces that no clip fits into."""

HERE = str(Path(__file__).parents[2])
"""Children run the code that asked, not what an editable install happens to point at."""


def engine_environment(environ: Mapping[str, str]) -> dict[str, str]:
    known = {name: value for name, value in environ.items() if name in INHERITED}
    if "PYTORCH_CUDA_ALLOC_CONF" not in known:  # the older name of the same
        known.setdefault("PYTORCH_ALLOC_CONF", ALLOCATOR)
    return {**known, "PYTHONPATH": HERE}
