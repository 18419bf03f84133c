"""An operator's certificate reaches every clip, or the start is refused in one sentence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import c2pa
import pytest

from generation.media.marking import DigitalSource, source_of
from generation.media.provenance import Signer
from generation.media.recipe import read_recipe
from tests.generation.media.authority import signer_in

ROOT = Path(__file__).parents[3]
"""The code under test, wherever an editable install points."""

pytestmark = pytest.mark.slow


def animate(folder: Path, signer: Signer) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PHOTOPLAY_")}
    command = (sys.executable, "-m", "bot", "animate", "photo.png", "zoom in", "--seconds", "0.5")
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=folder,
        env={
            **inherited,
            "PYTHONPATH": str(ROOT),
            "PHOTOPLAY_DATA_DIR": str(folder / "data"),
            "PHOTOPLAY_ENGINE__NAME": "camera",
            "PHOTOPLAY_MARKING__CERTIFICATE": signer.certificate.name,
            "PHOTOPLAY_MARKING__PRIVATE_KEY": signer.private_key.name,
        },
        timeout=60,
    )


@pytest.fixture
def here(tmp_path: Path, photograph: Path) -> Path:
    shutil.copy(photograph, tmp_path / "photo.png")
    return tmp_path


def test_a_configured_certificate_signs_the_clip(here: Path) -> None:
    answer = animate(here, signer_in(here))
    assert answer.returncode == 0, answer.stderr
    with (here / "photo.mp4").open("rb") as file, c2pa.Reader("video/mp4", file) as reader:
        found = json.loads(reader.json())
    results = found["validation_results"]["activeManifest"]
    assert [one["code"] for one in results["failure"]] == ["signingCredential.untrusted"]
    manifest = found["manifests"][found["active_manifest"]]
    assert manifest["signature_info"]["common_name"] == "Test signer"
    recipe = read_recipe(here / "photo.mp4")
    assert recipe is not None
    assert recipe.prompt == "zoom in"
    assert source_of(here / "photo.mp4") is DigitalSource.ALGORITHMICALLY_ENHANCED


def test_a_certificate_that_cannot_sign_refuses_the_start_without_showing_the_key(
    here: Path,
) -> None:
    signer = signer_in(here, days=-1)
    answer = animate(here, signer)
    assert answer.returncode == 1
    *_, line = answer.stderr.strip().splitlines()
    assert line.startswith("photoplay: marking.certificate and marking.private_key cannot sign")
    secret = signer.private_key.read_text().splitlines()[1]
    assert secret not in answer.stdout + answer.stderr
    assert not (here / "photo.mp4").exists()


def test_a_missing_key_refuses_the_start_by_its_settings_name(here: Path) -> None:
    signer = signer_in(here)
    signer.private_key.unlink()
    answer = animate(here, signer)
    assert answer.returncode == 1
    assert "The file of marking.private_key cannot be read" in answer.stderr
    assert "Traceback" not in answer.stderr
