"""The tiny checkpoints and their warm sessions, made once: a folder a kind of pipeline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generation.pipelines.ltx.options import Compile, LtxOptions
from tests.fakes.hub import checkpoints

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session
    from generation.pipelines.ltx.start import Start

MAKERS: dict[str, Callable[[Path], Path]] = {
    "first": checkpoints.image_to_video,
    "timestep": checkpoints.timestep_image_to_video,
    "condition": checkpoints.condition,
    "condition-distilled": checkpoints.condition,
    "ltx2": checkpoints.ltx2,
    "ltx2-distilled": checkpoints.ltx2,
}
KINDS = tuple(MAKERS)
MAKERS |= {
    "staged-distilled": checkpoints.staged,
    "staged-ltx2-distilled": checkpoints.staged_ltx2,
    "staged-ltx2": checkpoints.staged_full_ltx2,
}


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def of(kind: str) -> Path:
        if kind not in made:
            made[kind] = MAKERS[kind](tmp_path_factory.mktemp("checkpoints") / kind)
        return made[kind]

    return of


@pytest.fixture(scope="session")
def session(checkpoint: Callable[[str], Path]) -> Callable[[str], Session]:
    warm: dict[str, Session] = {}

    def of(kind: str) -> Session:
        if kind not in warm:
            warm[kind] = opened(checkpoint(kind))
        return warm[kind]

    return of


def opened(folder: Path, options: LtxOptions | None = None, start: Start | None = None) -> Session:
    """On the processor, pictures as they are, a preview at every step, unless told otherwise."""
    from generation.pipelines.ltx.detection import profile_for
    from generation.pipelines.ltx.start import Start, open_session

    options = options or LtxOptions(str(folder), "cpu", compile=Compile.OFF, picture_crf=0)
    start = start or Start(clock=Seconds())
    return open_session(options, profile_for(options.model), lambda *_: None, start)


def plain_pipe(folder: Path) -> Any:
    """A pipeline of one's own on the processor, as a start loads it before it makes it faster."""
    import torch

    from generation.pipelines.ltx.detection import profile_for
    from generation.pipelines.ltx.load import load

    device = torch.device("cpu")
    profile = profile_for(str(folder))
    return load(profile, str(folder), device, lambda *_: None, lambda *_: None)


class Seconds:
    """A clock that is asked once a second."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        self._now += 1.0
        return self._now
