"""The camera engine shows a model where a movement leads, unless somebody says how it ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generation.directions.vocabulary import Effect, Motion
from generation.engine.protocol import Animation
from generation.jobs import AnimationRequest
from generation.pipelines.camera.ends import ends
from generation.pipelines.ltx.conditioning import SOFT, planned
from tests.generation.pipelines.ltx.recording_stage import animation

STRIPES = np.repeat(np.linspace(0, 255, 240).astype(np.uint8)[None, :], 160, axis=0)
"""The further to the right, the brighter."""

REQUEST = AnimationRequest("a boat", "first.png", 96, 64, 17, 24, seed=1)


def shown(folder: Path, **changes: object) -> Animation:
    Image.fromarray(np.stack([STRIPES] * 3, axis=2)).save(folder / "first.png")
    return animation(folder, replace(REQUEST, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"motion": Motion.PAN_RIGHT}, 1),
        ({"motion": Motion.PAN_LEFT, "effect": Effect.NIGHT}, -1),
        ({"prompt": "pan to the right"}, 1),
    ],
)
def test_a_pan_ends_where_it_leads_to(
    changes: dict[str, object], sign: int, tmp_path: Path
) -> None:
    plan = planned(shown(tmp_path, **changes), ends)
    first, last = plan.conditions
    assert (first.at, last.at, first.strength, last.strength) == (0, 16, 1.0, SOFT)
    means = [float(np.asarray(it.pictures[0]).mean()) for it in plan.conditions]
    assert (means[1] - means[0]) * sign > 10
    assert last.pictures[0].size == (96, 64)
    assert plan.led


@pytest.mark.parametrize(
    "changes",
    [
        {"motion": Motion.HANDHELD},
        {"prompt": "a boat"},
        {"motion": Motion.PAN_LEFT, "loop": True},
        {"motion": Motion.PAN_LEFT, "end_image": "end.png"},
    ],
)
def test_nobody_is_led_who_goes_nowhere_or_knows_the_end(
    changes: dict[str, object], tmp_path: Path
) -> None:
    wanted = shown(tmp_path, **changes)
    assert planned(wanted, ends) == planned(wanted)
