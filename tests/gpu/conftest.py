"""Where these tests run: the first GPU, or with PHOTOPLAY_GPU_TESTS=cpu a processor.

Without either they are skipped, and say so: `python -m pytest -q tests/gpu`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.hub import checkpoints

MAKERS: dict[str, Callable[[Path], Path]] = {
    "first": checkpoints.image_to_video,
    "condition": checkpoints.condition,
    "ltx2": checkpoints.ltx2,
}


@pytest.fixture(scope="session")
def device() -> str:
    import torch

    if os.environ.get("PHOTOPLAY_GPU_TESTS") == "cpu":
        return "cpu"
    if not torch.cuda.is_available():
        pytest.skip("there is no GPU here; PHOTOPLAY_GPU_TESTS=cpu runs what a processor can")
    return "cuda:0"


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def of(kind: str) -> Path:
        if kind not in made:
            made[kind] = MAKERS[kind](tmp_path_factory.mktemp("checkpoints") / kind)
        return made[kind]

    return of


@pytest.fixture(autouse=True)
def kernels(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled kernels of the tests are kept for the tests alone, from one to the next."""
    folder = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("HF_HOME", str(folder / "home"))
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(folder / "inductor"))
