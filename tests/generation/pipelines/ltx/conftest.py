"""The tiny checkpoints and their warm studios, made once: a folder a kind of pipeline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generation.pipelines.ltx.options import LtxOptions
from tests.fakes.hub import checkpoints

if TYPE_CHECKING:
    from generation.pipelines.ltx.session import Session

MAKERS: dict[str, Callable[[Path], Path]] = {
    "first": checkpoints.image_to_video,
    "timestep": checkpoints.timestep_image_to_video,
    "condition": checkpoints.condition,
    "condition-distilled": checkpoints.condition,
    "ltx2": checkpoints.ltx2,
    "ltx2-distilled": checkpoints.ltx2,
}
KINDS = tuple(MAKERS)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def of(kind: str) -> Path:
        if kind not in made:
            made[kind] = MAKERS[kind](tmp_path_factory.mktemp("checkpoints") / kind)
        return made[kind]

    return of


@pytest.fixture(scope="session")
def studio(checkpoint: Callable[[str], Path]) -> Callable[[str], Session]:
    warm: dict[str, Session] = {}

    def of(kind: str) -> Session:
        if kind not in warm:
            warm[kind] = opened(checkpoint(kind))
        return warm[kind]

    return of


def opened(folder: Path) -> Session:
    from generation.pipelines.ltx.detection import profile_for
    from generation.pipelines.ltx.session import Session

    options = LtxOptions(model=str(folder), device="cpu", compile=False)
    return Session.opened(options, profile_for(options.model))
