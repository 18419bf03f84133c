"""The bench says of each goal whether it was met, missed or not measured."""

from __future__ import annotations

import pytest

from tests.generation.pipelines.ltx.recording_stage import MODEL_MARKS

pytestmark = MODEL_MARKS


def told(capsys: pytest.CaptureFixture[str], *, frames: bool = True, **clips: float) -> list[str]:
    """The words before the goals, for clips of so many seconds."""
    from bench.ltx_gpu import VARIANTS, goals
    from bench.ltx_gpu_parts import Measured

    names = dict(zip(("ours", "snippet", "distilled"), VARIANTS, strict=False))
    found = {names[one].name: Measured(1, 1, 1, 1, 1, clip, 1, 1) for one, clip in clips.items()}
    goals(found, frames=frames)
    _, *lines = capsys.readouterr().out.splitlines()
    return [line[:13].strip() for line in lines]


def test_each_goal_is_met_missed_or_not_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys) == ["not measured"] * 3
    assert told(capsys, ours=7.0) == ["met", "not measured", "not measured"]
    assert told(capsys, ours=7.0, snippet=10.6, distilled=1.1) == ["met"] * 3
    assert told(capsys, ours=7.5, snippet=10.6, distilled=1.3) == ["MISSED"] * 3
    assert told(capsys, distilled=1.1, frames=False) == ["not measured"] * 3
