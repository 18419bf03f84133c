"""`photoplay upscale`: a clip of ours twice as large, where a model can."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generation.media.probe import probe
from generation.media.recipe import read_recipe
from tests.bot.cli.commands import SMALL, complaint, photoplay
from tests.fakes.hub import checkpoints

pytestmark = pytest.mark.slow


def test_a_clip_becomes_twice_as_large_by_a_model_that_can(
    tmp_path: Path, photograph: Path
) -> None:
    shutil.copy(photograph, tmp_path / "photo.png")
    small = photoplay(tmp_path, "animate", "photo.png", "pan left", *SMALL, "--seed", "4")
    assert small.returncode == 0, small.stderr
    assert complaint(photoplay(tmp_path, "upscale", "photo.mp4")) == (
        "The camera engine cannot double a clip."
    )
    assert "not an MP4" in complaint(photoplay(tmp_path, "upscale", "photo.png"))
    model = checkpoints.staged(tmp_path / "staged-distilled")
    settings = {"PHOTOPLAY_ENGINE__NAME": "ltx", "PHOTOPLAY_ENGINE__MODEL": str(model)}
    larger = photoplay(tmp_path, "upscale", "photo.mp4", "--json", **settings)
    assert larger.returncode == 0, larger.stderr
    told = json.loads(larger.stdout)
    assert (told["path"], told["width"], told["seed"]) == ("photo-2.mp4", 128, 4)
    clip = probe(tmp_path / "photo-2.mp4")
    assert (clip.width, clip.height, clip.frames) == (128, 128, 9)
    recipe = read_recipe(tmp_path / "photo-2.mp4")
    assert recipe is not None
    assert (recipe.prompt, recipe.options["upscaled"]) == ("pan left", True)
