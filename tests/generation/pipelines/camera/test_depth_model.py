"""The optional depth model, with tiny random weights built and saved by the real classes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from generation.directions.vocabulary import Motion
from generation.media.frames import Picture
from generation.pipelines.camera.depth_model import LearnedDepth
from generation.pipelines.camera.pipeline import show
from tests.generation.pipelines.camera.recording_stage import PICTURES, REQUEST, Camera

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Depth Anything of a few thousand parameters, as `save_pretrained` leaves it."""
    import torch
    from transformers import DepthAnythingConfig, DepthAnythingForDepthEstimation, Dinov2Config

    torch.manual_seed(7)
    backbone = Dinov2Config(  # type: ignore[call-arg]
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        image_size=56,
        patch_size=14,
        out_features=["stage1", "stage2", "stage3", "stage4"],
        apply_layernorm=True,
        reshape_hidden_states=False,
    )
    config = DepthAnythingConfig(
        backbone_config=backbone,
        reassemble_hidden_size=16,
        neck_hidden_sizes=[8, 8, 8, 8],
        fusion_hidden_size=8,
        head_hidden_size=8,
    )
    folder = tmp_path_factory.mktemp("depth")
    model = DepthAnythingForDepthEstimation(config)
    for name, parameter in model.named_parameters():
        if not name.startswith("backbone"):  # the usual tiny values give a flat answer
            torch.nn.init.normal_(parameter, std=0.3)
    torch.nn.init.constant_(model.get_parameter("head.conv3.bias"), 5.0)
    model.save_pretrained(folder)
    return folder


def photograph() -> Picture:
    import cv2

    read = cv2.imread(str(PICTURES / "chelsea.png"), cv2.IMREAD_COLOR_RGB)
    assert read is not None
    return np.asarray(read, np.uint8)


def test_the_model_is_found_where_its_weights_lie_and_nowhere_else(
    weights: Path, tmp_path: Path
) -> None:
    assert LearnedDepth.find(str(weights)) is not None
    assert LearnedDepth.find(str(tmp_path)) is None
    assert LearnedDepth.find("nobody/has-these-weights") is None
    damaged = tmp_path / "damaged"
    shutil.copytree(weights, damaged)
    (damaged / "model.safetensors").write_bytes(b"half a downl")
    assert LearnedDepth.find(str(damaged)) is None


def test_it_tells_nearness_between_nought_and_one_in_the_pictures_size(weights: Path) -> None:
    depth = LearnedDepth.find(str(weights))
    assert depth is not None
    for size in ((213, 320), (320, 80), (64, 64)):
        small = np.random.default_rng(7).integers(0, 255, (*size, 3), np.uint8)
        near = depth.nearness(small)
        assert near.shape == size
        assert near.dtype == np.float32
        assert 0 <= float(near.min()) < float(near.max()) <= 1


def test_an_orbit_bends_by_the_model_and_is_the_same_every_time(weights: Path) -> None:
    from generation.directions.parse import directions_for
    from generation.directions.vocabulary import Effect

    directions = directions_for("", Motion.ORBIT_LEFT, Effect.AUTO)
    clips = []
    for depth in (None, LearnedDepth.find(str(weights)), LearnedDepth.find(str(weights))):
        camera = Camera()
        show(photograph(), directions, REQUEST, camera, depth)
        clips.append(np.stack(camera.kept))
    cues, once, again = clips
    assert np.array_equal(once, again)
    assert not np.array_equal(once, cues)
    assert len(once) == REQUEST.num_frames


def test_without_weights_the_engine_starts_without_torch() -> None:
    """And without what else costs a start a tenth of a second."""
    code = (
        "from generation.pipelines.camera.pipeline import CameraPipeline; import sys; "
        "import generation.child, generation.engine.host; "
        "CameraPipeline('nobody/has-these-weights').load(lambda *_: None); "
        "print({'torch', 'huggingface_hub', 'asyncio'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "set()", answer.stderr
