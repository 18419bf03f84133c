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


@pytest.fixture
def here(tmp_path: Path, photograph: Path) -> Path:
    """With a clip in it."""
    shutil.copy(photograph, tmp_path / "photo.png")
    small = photoplay(tmp_path, "animate", "photo.png", "pan left", *SMALL, "--seed", "4")
    assert small.returncode == 0, small.stderr
    return tmp_path


def test_what_is_no_clip_and_an_engine_that_cannot_are_refused(here: Path) -> None:
    assert complaint(photoplay(here, "upscale", "photo.mp4")) == (
        "The camera engine cannot double a clip."
    )
    assert "not an MP4" in complaint(photoplay(here, "upscale", "photo.png"))
    assert not (here / "photo-2.mp4").exists()


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_a_clip_becomes_twice_as_large_by_a_model_that_can(here: Path) -> None:
    model = checkpoints.staged(here / "staged-distilled")
    settings = {"PHOTOPLAY_ENGINE__NAME": "ltx", "PHOTOPLAY_ENGINE__MODEL": str(model)}
    larger = photoplay(here, "upscale", "photo.mp4", "--json", **settings)
    assert larger.returncode == 0, larger.stderr
    told = json.loads(larger.stdout)
    assert (told["path"], told["width"], told["seed"]) == ("photo-2.mp4", 128, 4)
    clip = probe(here / "photo-2.mp4")
    assert (clip.width, clip.height, clip.frames) == (128, 128, 9)
    recipe = read_recipe(here / "photo-2.mp4")
    assert recipe is not None
    assert (recipe.prompt, recipe.options["lineage"]) == ("pan left", "upscaled")
