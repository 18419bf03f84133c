"""Each kind of model as the real engine: a child process that leaves an MP4."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from generation.directions.vocabulary import Motion
from generation.engine.process import EngineProcess
from generation.engine.protocol import Animation, Done, Preview, Report, Step
from generation.events import PhaseName
from generation.media.marking import DigitalSource, source_of
from generation.media.probe import probe
from generation.media.recipe import read_recipe
from generation.pipelines.camera.capabilities import CAPABILITIES
from generation.pipelines.ltx.options import Compile, Lora, LtxOptions, Memory, parse_options
from tests.fakes.hub.checkpoints import hub_cache
from tests.generation.pipelines.ltx.recording_stage import animation

pytestmark = pytest.mark.slow
HOST = [sys.executable, "-P", "-m", "generation.child", "ltx"]
ROOT = Path(__file__).parents[4]
KINDS = ["condition", "ltx2-distilled"]
LIKE_THEM = ["timestep", "condition-distilled"]


@pytest.mark.parametrize(
    "kind",
    [
        *KINDS,
        *(pytest.param(kind, marks=pytest.mark.soak) for kind in LIKE_THEM),
    ],
)
async def test_a_picture_becomes_a_clip_in_the_engines_own_process(
    kind: str, checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    engine = engine_of(str(checkpoint(kind)), tmp_path)
    try:
        await engine.start()
        assert engine.capabilities.model == kind
        first = await reports_of(engine, animation(tmp_path))
        again = await reports_of(engine, animation(tmp_path))
    finally:
        await engine.close()
    assert isinstance(first[-1], Done)
    assert isinstance(again[-1], Done)
    assert any(isinstance(report, Preview) for report in first)
    assert steps(first) == steps(again)
    clip = first[-1].clip
    found = probe(clip.path)
    assert (found.width, found.height, found.frames) == (96, 64, 17)
    assert source_of(clip.path) is DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    recipe = read_recipe(clip.path)
    assert recipe is not None
    assert (recipe.engine, recipe.model) == ("ltx", kind)


async def test_a_single_file_from_the_hubs_cache_makes_clips(tmp_path: Path) -> None:
    hub_cache(tmp_path / "home")
    engine = engine_of("LTX-Video-2B-0.9.8-distilled", tmp_path / "home")
    try:
        await engine.start()
        reports = await reports_of(engine, animation(tmp_path))
    finally:
        await engine.close()
    assert isinstance(reports[-1], Done)
    assert steps(reports) == list(range(1, 8))


def engine_of(model: str, home: Path) -> EngineProcess:
    """`home` is where its hub's cache would be."""
    options = LtxOptions(model=model, device="cpu", memory=Memory.FULL, compile=Compile.OFF)
    return EngineProcess(
        [*HOST, "--options", options.to_json()],
        capabilities=CAPABILITIES,
        deadlines=dict.fromkeys(PhaseName, 60.0),
        environment={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HF_HOME": str(home),
        },
    )


async def reports_of(engine: EngineProcess, wish: Animation) -> list[Report]:
    async with aclosing(engine.animate(wish)) as reports:
        return [report async for report in reports]


def steps(reports: list[Report]) -> list[int]:
    return [report.index for report in reports if isinstance(report, Step)]


@pytest.mark.parametrize("options", [[], ["--options", "{}"], ["--options", "not json"]])
def test_options_that_are_none_end_in_a_sentence(options: list[str]) -> None:
    assert refusal(*options) == "--options has to be the JSON of LtxOptions.to_json()."


def test_weights_that_are_not_there_end_in_a_sentence() -> None:
    said = refusal("--options", LtxOptions(model="somebody/who-has-nothing-here").to_json())
    assert said.endswith("please run `photoplay download`, then start again.")


def refusal(*arguments: str) -> str:
    """The one line an engine says before it ends with exit code 1."""
    ended = subprocess.run(
        [*HOST, *arguments],
        input="",
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    [line] = ended.stderr.splitlines()
    return line


def test_options_survive_their_way_to_the_child() -> None:
    options = LtxOptions(
        model="LTX-Video", fp8=True, loras={Motion.ZOOM_IN: Lora("zoom.safetensors", 0.8)}
    )
    assert parse_options(options.to_json()) == options
