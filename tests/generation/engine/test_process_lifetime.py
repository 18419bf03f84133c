"""How an engine's process begins and ends: starts that fail, signals, a killed parent."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import aclosing, suppress
from pathlib import Path

import psutil
import pytest

from generation.engine.protocol import (
    Done,
    StartCutOff,
    Step,
    WorkerLost,
)
from generation.events import PhaseName
from tests.generation.engine.test_engine_process import all_reports, animation, engine

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


async def test_a_sigterm_to_everybody_is_the_parents_to_answer(tmp_path: Path) -> None:
    async with engine("steady") as process:
        await process.start()
        assert process.pid is not None
        async with aclosing(process.animate(animation(tmp_path, prompt="slow", frames=41))) as job:
            async for report in job:
                if report == Step(3, 41):
                    for one in [child := psutil.Process(process.pid), *child.children()]:
                        one.terminate()
            assert isinstance(report, Done)


def test_a_stopped_engine_and_its_encoder_die_with_a_killed_parent(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], cwd=ROOT) as parent:
        try:
            children: list[psutil.Process] = []
            due = time.monotonic() + 30
            while not any(map(_encodes, children)):
                assert time.monotonic() < due
                time.sleep(0.05)
                children = psutil.Process(parent.pid).children(recursive=True)
            for one in children:
                with suppress(psutil.NoSuchProcess):  # ffmpeg asked for its version has ended
                    one.suspend()
        finally:
            parent.kill()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


def _encodes(process: psutil.Process) -> bool:
    try:
        return "ffmpeg" in process.name() and "-y" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


PARENT = """
import asyncio, sys
from pathlib import Path
from tests.generation.engine.test_engine_process import animation, engine
async def main():
    async with engine("steady") as process:
        await process.start()
        wish = animation(Path(sys.argv[1]), prompt="slow", frames=257)
        async for report in process.animate(wish):
            pass
asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("kind", "said"),
    [("cannot-start", "There is no GPU in this machine."), ("dies-loading", "without a word")],
)
async def test_why_it_does_not_start_is_told(kind: str, said: str) -> None:
    async with engine(kind) as process:
        with pytest.raises(WorkerLost, match=said):
            await process.start()


async def test_who_kills_it_while_it_loads_is_not_taken_for_a_fault_of_its_own() -> None:
    async with engine("never-loads") as process:
        starting = asyncio.create_task(process.start())
        async with asyncio.timeout(30):
            while process.pid is None:  # noqa: ASYNC110 (it has no event)
                await asyncio.sleep(0.01)
        psutil.Process(process.pid).kill()
        with pytest.raises(StartCutOff):
            await starting


async def test_a_start_may_take_long_as_long_as_it_loads_on() -> None:
    """Eight seconds in all, under a deadline of seven."""
    async with engine("loads-slowly", deadlines={PhaseName.LOAD: 7.0}) as process:
        await process.start()
        assert process.ready


async def test_after_a_lost_device_the_child_ends_and_nothing_else_fails(tmp_path: Path) -> None:
    async with engine("loses-its-device") as process:
        await process.start()
        with pytest.raises(WorkerLost, match="The GPU answers no more") as lost:
            await all_reports(process, animation(tmp_path))
        assert lost.value.device
        assert lost.value.guilty
        await asyncio.sleep(0.1)
        assert not process.ready
