"""What the tests of the picture intake share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from generation.images.intake import PictureIntake
from tests.generation.images.decoders import children


@pytest.fixture
async def intake() -> AsyncIterator[PictureIntake]:
    before = children()
    intake = PictureIntake()
    await intake.start()
    yield intake
    await intake.close()
    assert children() == before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    folder.mkdir()
    return folder
