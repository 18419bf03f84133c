"""What many tests share: photographs, and the real program on a folder of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import structlog

from tests.fakes.program.process import Program

PICTURES = Path(__file__).parent / "data" / "pictures"

os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Before torch comes: threads of two tests that wait for one another on the same cores spin, and a
model of a megabyte takes minutes instead of seconds.
"""

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)
"""Where no test says otherwise: structlog's own way shows all variables of all frames, which takes
minutes for what fails while an event loop is closed.
"""


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """A test that starts the program in this process has its log configured as well."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


OF_THE_MODEL = (
    "generation/pipelines/ltx",
    "generation/pipelines/camera/test_depth_model.py",
    "bot/cli/test_download.py",
    "bot/platforms/web/test_model.py",
    "bot/runtime/test_engine_choice.py",
)
collect_ignore = [] if find_spec("torch") else list(OF_THE_MODEL)
"""With the extra `test-core` everything is tested but what needs the model's libraries."""

ALL_SLOW = re.compile(r"^pytestmark = .*\bpytest\.mark\.(slow|soak)\b", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Half the files are slow stories alone, and to read them for nothing takes ten seconds."""
    if collection_path.suffix != ".py" or "not slow" not in str(config.option.markexpr):
        return None
    return True if ALL_SLOW.search(collection_path.read_text("utf-8")) else None


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
