"""A real child process behind a real pipe, with pipelines that misbehave in every way we know."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import psutil
import pytest
from structlog.testing import capture_logs

from generation.engine.process import EngineProcess
from generation.engine.protocol import (
    Animation,
    Done,
    Heartbeat,
    Phase,
    Report,
    Step,
    WorkerLost,
)
from generation.engine.wire import Animate, command_bytes
from generation.events import Cancelled, Failed, PhaseName
from generation.jobs import AnimationRequest
from generation.media.probe import probe
from generation.notes import Note
from tests.fakes.engine.pipelines import FAKE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PATIENT = dict.fromkeys(PhaseName, 30.0)


@asynccontextmanager
async def engine(
    kind: str, *, deadlines: dict[PhaseName, float] | None = None, cancel_grace: float = 5.0
) -> AsyncGenerator[EngineProcess]:
    process = EngineProcess(
        [sys.executable, "-m", "tests.fakes.engine.pipelines", kind],
        capabilities=FAKE,
        deadlines={**PATIENT, **(deadlines or {})},
        environment={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        cancel_grace=cancel_grace,
    )
    try:
        yield process
    finally:
        await process.close()


def animation(
    folder: Path, job: str = "video_a", *, prompt: str = "", frames: int = 9, attempt: int = 1
) -> Animation:
    request = AnimationRequest(prompt, "photo.png", 64, 64, frames, 24, seed=7)
    return Animation(
        job, attempt, request, folder / "photo.png", folder / f"{job}.mp4", folder / f"{job}.jpg"
    )


async def all_reports(engine: EngineProcess, wish: Animation) -> list[Report]:
    async with aclosing(engine.animate(wish)) as reports:
        return [report async for report in reports if not isinstance(report, Heartbeat)]


async def test_a_job_gives_phases_steps_and_one_clip_in_order(tmp_path: Path) -> None:
    async with engine("steady") as process:
        await process.start()
        reports = await all_reports(process, animation(tmp_path))
    assert [r.name for r in reports if isinstance(r, Phase)] == ["prepare", "step", "encode"]
    assert [r.index for r in reports if isinstance(r, Step)] == list(range(1, 10))
    assert isinstance(reports[-1], Done)
    assert probe(reports[-1].clip.path).frames == 9
    assert (tmp_path / "video_a.jpg").exists()


async def test_the_next_job_is_rendered_by_the_same_warm_process(tmp_path: Path) -> None:
    async with engine("steady") as process:
        await process.start()
        pid = process.pid
        for job in ("video_a", "video_b"):
            assert isinstance((await all_reports(process, animation(tmp_path, job)))[-1], Done)
        assert process.pid == pid


async def test_a_job_may_be_sent_while_the_one_before_is_encoded(tmp_path: Path) -> None:
    async with engine("steady") as process:
        await process.start()
        async with aclosing(process.animate(animation(tmp_path, frames=161))) as first:
            async for report in first:
                if report == Phase(PhaseName.ENCODE):
                    break
            second = await all_reports(process, animation(tmp_path, "video_b"))
            assert isinstance(second[-1], Done)
            assert isinstance([report async for report in first][-1], Done)


async def test_leaving_early_cancels_within_a_step_and_leaves_no_file(tmp_path: Path) -> None:
    async with engine("steady") as process:
        await process.start()
        began = time.monotonic()
        async with aclosing(process.animate(animation(tmp_path, prompt="slow", frames=257))) as job:
            async for report in job:
                if isinstance(report, Step):
                    break
        assert time.monotonic() - began < 5  # the whole clip takes over 12 s
        assert list(tmp_path.iterdir()) == []
        assert isinstance((await all_reports(process, animation(tmp_path, "video_b")))[-1], Done)


async def test_a_defect_in_a_pipeline_is_one_failure_and_the_next_job_works(tmp_path: Path) -> None:
    async with engine("raises") as process:
        await process.start()
        pid = process.pid
        for job in ("video_a", "video_b"):
            outcome = (await all_reports(process, animation(tmp_path, job)))[-1]
            assert isinstance(outcome, Failed)
            assert "secret" not in repr(outcome)
        assert process.pid == pid
        assert list(tmp_path.iterdir()) == []


async def test_an_expected_failure_keeps_its_code_and_reason(tmp_path: Path) -> None:
    async with engine("out-of-room") as process:
        await process.start()
        outcome = (await all_reports(process, animation(tmp_path)))[-1]
    assert outcome == Failed("out_of_memory", "length")


async def test_the_death_of_the_child_is_noticed_and_it_can_start_again(tmp_path: Path) -> None:
    async with engine("exits") as process:
        await process.start()
        with pytest.raises(WorkerLost) as lost:
            await all_reports(process, animation(tmp_path))
        assert lost.value.guilty
        assert not process.ready
        await process.start()
        assert process.ready


async def test_a_death_while_idle_is_noticed(tmp_path: Path) -> None:
    async with engine("steady") as process:
        await process.start()
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        async with asyncio.timeout(30):
            while process.ready:  # noqa: ASYNC110 (nobody announces a death while idle)
                await asyncio.sleep(0.01)
        with pytest.raises(WorkerLost) as lost:
            await all_reports(process, animation(tmp_path))
        assert not lost.value.guilty


async def test_a_hang_ends_at_the_deadline_of_its_phase_whatever_beats(tmp_path: Path) -> None:
    async with engine("hangs", deadlines={PhaseName.STEP: 2.5}) as process:
        await process.start()
        pid = process.pid
        began = time.monotonic()
        with pytest.raises(WorkerLost, match="step") as lost:
            await all_reports(process, animation(tmp_path))
        assert lost.value.guilty
        assert time.monotonic() - began < 10
        assert pid is not None
        assert not psutil.pid_exists(pid)


async def test_a_child_that_ignores_a_cancel_is_killed(tmp_path: Path) -> None:
    async with engine("hangs", cancel_grace=0.3) as process:
        await process.start()
        async with aclosing(process.animate(animation(tmp_path))) as job:
            async for report in job:
                if report == Step(3, 9):
                    await asyncio.sleep(0.5)  # by now it is in the step it never leaves
                    break
        assert not process.ready


async def test_prints_and_noise_do_not_break_the_protocol(tmp_path: Path) -> None:
    async with engine("prints") as process:
        await process.start()
        reports = await all_reports(process, animation(tmp_path))
    assert isinstance(reports[-1], Done)
    assert not any(isinstance(report, Note) for report in reports)


async def test_an_engine_that_prints_without_end_costs_its_parent_little(tmp_path: Path) -> None:
    async with engine("floods-prints", deadlines={PhaseName.STEP: 2.0}) as process:
        await process.start()
        used = time.process_time()
        with pytest.raises(WorkerLost, match="no progress"), capture_logs() as logs:
            await all_reports(process, animation(tmp_path))
        assert time.process_time() - used < 1
        assert set(process.said) == {"a"}
    assert 0 < len(logs) < 2000


@pytest.mark.parametrize("kind", ["floods-reports", "huge-preview"])
async def test_an_engine_that_reports_more_than_anybody_reads_is_ended(
    kind: str, tmp_path: Path
) -> None:
    async with engine(kind) as process:
        await process.start()
        with pytest.raises(WorkerLost, match="ended with -9"):
            await read_slowly(process, animation(tmp_path))


async def read_slowly(process: EngineProcess, wanted: Animation) -> None:
    """After the first step not before the engine has ended."""
    async with aclosing(process.animate(wanted)) as reports, asyncio.timeout(30):
        async for report in reports:
            while isinstance(report, Step) and process.ready:  # noqa: ASYNC110 (it has no event)
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("kind", ["never-loads", "dies-loading"])
async def test_an_engine_that_does_not_become_ready_is_lost_in_time(kind: str) -> None:
    async with engine(kind, deadlines={PhaseName.LOAD: 1.5}) as process:
        with pytest.raises(WorkerLost) as lost:
            await process.start()
        assert not lost.value.guilty
        assert process.pid is None


async def test_a_child_whose_parent_is_gone_ends_even_while_it_loads() -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.fakes.engine.pipelines",
        "never-loads",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
    )
    assert child.stdin is not None
    await asyncio.sleep(0.5)
    child.stdin.close()
    assert await asyncio.wait_for(child.wait(), 10) == 0


def test_a_garbled_command_is_skipped_and_the_next_one_works(tmp_path: Path) -> None:
    command = command_bytes(Animate(animation(tmp_path)))
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.engine.pipelines", "steady"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    )
    with child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b'not json\n{"type":"dance"}\n[]\n' + command)
        child.stdin.flush()
        for line in child.stdout:
            if json.loads(line)["type"] == "done":
                break
        child.stdin.close()
        assert child.wait(10) == 0
    assert (tmp_path / "video_a.mp4").exists()


async def test_a_cancel_of_a_job_that_ended_is_without_effect(tmp_path: Path) -> None:
    async with engine("steady") as process:
        await process.start()
        async with aclosing(process.animate(animation(tmp_path))) as job:
            reports = [report async for report in job]
        assert isinstance(reports[-1], Done)
        assert not any(isinstance(report, Cancelled) for report in reports)
        assert isinstance((await all_reports(process, animation(tmp_path, "video_b")))[-1], Done)


def test_the_child_explains_how_it_is_driven_by_hand() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "generation.child", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert '{"type":"animate"' in answer.stdout
    assert "Ctrl-D" in answer.stdout
