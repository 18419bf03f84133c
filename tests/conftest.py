"""What many tests share: photographs, and the real program on a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.program.process import Program

PICTURES = Path(__file__).parent / "data" / "pictures"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """`photoplay run` with defaults; `.url` is its page."""
    with Program(tmp_path / "data") as running:
        yield running


@pytest.fixture
def photograph() -> Path:
    """Eileen Collins, 512x512, NASA, public domain."""
    return PICTURES / "astronaut.png"


@pytest.fixture(scope="session")
def photograph_bytes() -> bytes:
    """The same photograph as its file holds it."""
    return (PICTURES / "astronaut.png").read_bytes()
