"""Which engine serves: by what the machine has, and said where it is not the wanted one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from config.sections import EngineSettings
from config.settings import Settings
from generation.errors import Misconfigured
from tests.bot.cli.commands import photoplay
from tests.fakes.hub import checkpoints

pytestmark = pytest.mark.slow

SHORT = ["animate", "photo.png", "waves", "--seconds", "0.4", "--size", "96x64"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.condition(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def here(tmp_path: Path, photograph_bytes: bytes) -> Path:
    (tmp_path / "photo.png").write_bytes(photograph_bytes)
    return tmp_path


def with_gpu(folder: Path) -> str:
    """A PATH on which a driver answers as NVIDIA's would."""
    program = folder / "driver" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'NVIDIA H200, 143771 MiB'\n")
    program.chmod(0o755)
    return f"{program.parent}:{os.environ['PATH']}"


def no_weights(here: Path) -> dict[str, str]:
    return {"HF_HOME": str(here / "hub"), "HF_HUB_CACHE": ""}


def test_without_a_gpu_the_camera_serves_and_nothing_is_missed(here: Path) -> None:
    answer = photoplay(here, *SHORT, "--json")
    assert json.loads(answer.stdout)["engine"] == "camera"
    assert answer.stderr == ""
    assert "The camera engine needs none" in photoplay(here, "doctor").stdout


def test_with_a_gpu_but_no_weights_the_camera_serves_and_says_how_to_get_them(here: Path) -> None:
    answer = photoplay(here, *SHORT, "--json", PATH=with_gpu(here), **no_weights(here))
    assert json.loads(answer.stdout)["engine"] == "camera"
    assert "LTX-Video (about 16 GB) are not here: `photoplay download`" in answer.stderr


def test_doctor_names_the_gpu_and_the_download(here: Path) -> None:
    environ = {"PATH": with_gpu(here), "PHOTOPLAY_WEB__PORT": "0", **no_weights(here)}
    report = photoplay(here, "doctor", **environ)
    assert report.returncode == 0, report.stdout
    assert "NVIDIA H200" in report.stdout
    assert "photoplay download" in report.stdout


def test_a_model_of_ones_own_serves_where_it_is_asked_for(here: Path, tiny: Path) -> None:
    environ = {"PHOTOPLAY_ENGINE__NAME": "ltx", "PHOTOPLAY_ENGINE__MODEL": str(tiny)}
    answer = photoplay(here, *SHORT, "--end", "photo.png", "--json", "--seed", "7", **environ)
    facts = json.loads(answer.stdout)
    assert (facts["engine"], facts["frames"], facts["seed"]) == ("ltx", 9, 7)
    assert "weights of tiny are here" in photoplay(here, "doctor", **environ).stdout


def test_a_folder_without_a_model_is_one_sentence(here: Path) -> None:
    environ = {"PHOTOPLAY_ENGINE__NAME": "ltx", "PHOTOPLAY_ENGINE__MODEL": str(here)}
    answer = photoplay(here, *SHORT, **environ)
    assert answer.returncode == 1
    assert "without an LTX model" in answer.stderr


@pytest.mark.parametrize(
    ("asked", "used"), [(["cuda:1", "cuda:0"], ["cuda:1", "cuda:0"]), ("auto", ["cpu"])]
)
def test_one_process_for_every_device(tiny: Path, asked: object, used: list[str]) -> None:
    from bot.runtime.engine_choice import choose

    engine = EngineSettings.model_validate({"name": "ltx", "model": str(tiny), "devices": asked})
    choice = choose(Settings(engine=engine))
    told = [json.loads(command[-1])["device"] for command in choice.commands]
    assert told == used


def test_a_remote_engine_is_refused_until_there_is_one() -> None:
    from bot.runtime.engine_choice import choose

    engine = EngineSettings.model_validate({"name": "videos", "url": "http://127.0.0.1:1"})
    with pytest.raises(Misconfigured, match="Remote engines"):
        choose(Settings(engine=engine))
