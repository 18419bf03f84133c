"""Which engine serves: by what the machine has, and said where it is not the wanted one."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from bot.runtime.devices import Child
from bot.runtime.engine_choice import (
    Choice,
    choose,
    engine_environment,
    notice,
    started_by,
)
from bot.runtime.gpus import Machine
from config.engine_sections import EngineSettings
from config.settings import Settings
from generation.engine.protocol import WorkerLost
from generation.errors import Misconfigured
from generation.pipelines.camera.capabilities import CAPABILITIES
from generation.pipelines.ltx.cards import rows
from generation.pipelines.ltx.cuda import Card, Cuda
from generation.workspace import Workspace
from tests.bot.cli.commands import complaint, photoplay
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


@pytest.mark.soak
def test_doctor_names_the_gpu_and_the_download(here: Path) -> None:
    environ = {"PATH": with_gpu(here), "PHOTOPLAY_WEB__PORT": "0", **no_weights(here)}
    report = photoplay(here, "doctor", **environ)
    assert report.returncode == 0, report.stdout
    assert "NVIDIA H200" in report.stdout
    assert "torch is one for processors" in report.stdout
    assert "photoplay download" in report.stdout


@pytest.mark.soak
def test_a_model_of_ones_own_serves_where_it_is_asked_for(here: Path, tiny: Path) -> None:
    environ = {"PHOTOPLAY_ENGINE__NAME": "ltx", "PHOTOPLAY_ENGINE__MODEL": str(tiny)}
    answer = photoplay(here, *SHORT, "--end", "photo.png", "--json", "--seed", "7", **environ)
    facts = json.loads(answer.stdout)
    assert (facts["engine"], facts["frames"], facts["seed"]) == ("ltx", 9, 7)


def test_why_a_model_does_not_start_is_told(here: Path, tiny: Path) -> None:
    broken = Path(shutil.copytree(tiny, here / "broken"))
    config = broken / "transformer" / "config.json"
    config.write_text(config.read_text().replace('channels": 16', 'channels": 17'))
    environ = {"PHOTOPLAY_ENGINE__NAME": "ltx", "PHOTOPLAY_ENGINE__MODEL": str(broken)}
    reason = "The weights of broken are here, but the installed libraries cannot load them"
    report = photoplay(here, "doctor", PHOTOPLAY_WEB__PORT="0", **environ)
    assert report.returncode == 1
    assert f"✗ model: broken makes no clip: The engine broke down: {reason}" in report.stdout


def test_a_folder_without_a_model_is_one_sentence(here: Path) -> None:
    environ = {"PHOTOPLAY_ENGINE__NAME": "ltx", "PHOTOPLAY_ENGINE__MODEL": str(here)}
    answer = photoplay(here, *SHORT, **environ)
    assert answer.returncode == 1
    assert "without an LTX model" in answer.stderr


def test_who_names_the_model_gets_no_camera_in_its_place(here: Path) -> None:
    answer = photoplay(here, *SHORT, "--engine", "ltx", **no_weights(here))
    said = complaint(answer)
    assert said.startswith(
        "engine.name is ltx, but there is no usable GPU here, so the model would run on the "
        "processor, slowly; and the weights of LTX-Video-2B-0.9.8-distilled"
    )
    assert "`photoplay download` fetches them" in said
    assert list(here.glob("*.mp4")) == []


def test_doctor_tells_missing_weights_once_with_the_cure(here: Path) -> None:
    environ = {"PHOTOPLAY_ENGINE__NAME": "ltx", "PHOTOPLAY_WEB__PORT": "0", **no_weights(here)}
    report = json.loads(photoplay(here, "doctor", "--json", **environ).stdout)
    [fault] = [one for one in report["findings"] if one["needed"] and not one["ok"]]
    assert (fault["name"], fault["cure"]) == ("weights", "Run `photoplay download`.")
    assert fault["message"].startswith("There is no usable GPU here, so the model would run on")
    assert "(about 26 GB to download) are not here" in fault["message"]


def machine(*cards: Card, problem: str = "") -> Machine:
    """What driver and torch would say of these GPUs."""
    names = tuple(card.name for card in cards) or (("NVIDIA GeForce GT 710",) if problem else ())
    return Machine(names, Cuda(cards, problem))


def of(**changes: object) -> Settings:
    return Settings(engine=EngineSettings.model_validate(changes))


H200 = Card("NVIDIA H200", 141 * 10**9, (9, 0))
T4 = Card("Tesla T4", 16 * 10**9, (7, 5))
SMALL = Card("NVIDIA GeForce RTX 3060", 12_630_000_000, (8, 6))
TOO_OLD = "The NVIDIA driver is too old for CUDA 12.8: update the driver."


def told(choice: Choice) -> list[str]:
    return [json.loads(child.command[-1])["device"] for child in choice.children]


def test_one_process_for_every_gpu_and_each_sees_its_own_alone(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    two = machine(H200, H200)
    asked = of(name="ltx", model=str(tiny), devices=["cuda:1", "cuda:0"])
    for settings, visible in ((of(name="ltx", model=str(tiny)), "01"), (asked, "10")):
        choice = choose(settings, two)
        assert told(choice) == ["cuda:0", "cuda:0"]
        seen = [child.environment["CUDA_VISIBLE_DEVICES"] for child in choice.children]
        assert seen == list(visible)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,GPU-7")
    choice = choose(asked, two)
    assert [c.environment["CUDA_VISIBLE_DEVICES"] for c in choice.children] == ["GPU-7", "2"]


async def test_a_process_is_told_which_gpu_it_sees(tmp_path: Path) -> None:
    say = "import os, sys; sys.exit('sees ' + os.environ['CUDA_VISIBLE_DEVICES'])"
    child = Child((sys.executable, "-c", say), {"CUDA_VISIBLE_DEVICES": "GPU-7"})
    workspace = Workspace(tmp_path, keep_inputs=60.0, keep_clips=60.0)
    [process] = started_by(Choice(CAPABILITIES, (child,)), Settings(), workspace)
    with pytest.raises(WorkerLost, match="sees GPU-7"):
        await process.start()


def test_without_a_gpu_the_processor_serves_who_asks_for_the_model(tiny: Path) -> None:
    assert told(choose(of(name="ltx", model=str(tiny)), machine())) == ["cpu"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (machine(problem=TOO_OLD), TOO_OLD),
        (machine(T4), "Tesla T4 (compute capability 7.5) has no bf16"),
    ],
)
def test_a_gpu_of_no_use_is_told_and_auto_falls_back_to_the_camera(
    tiny: Path, found: Machine, said: str
) -> None:
    choice = choose(of(model=str(tiny)), found)
    assert choice.capabilities.engine == "camera"
    assert said in (notice(choice) or "")
    with pytest.raises(Misconfigured, match=re.escape(said)):
        choose(of(name="ltx", model=str(tiny)), found)


def test_what_the_machine_here_can_do_is_found_out_in_a_process_of_its_own(here: Path) -> None:
    """A driver that answers, and a torch for processors."""
    answer = photoplay(here, *SHORT, "--json", PATH=with_gpu(here), **no_weights(here))
    assert json.loads(answer.stdout)["engine"] == "camera"
    assert "The camera engine serves, because the GPU cannot" in answer.stderr
    assert "torch is one for processors" in answer.stderr


@pytest.mark.parametrize(
    ("card", "model", "size"),
    [(H200, "LTX-Video-0.9.8-13B-distilled", 48), (SMALL, "LTX-Video-2B-0.9.8-distilled", 26)],
)
def test_the_download_that_is_offered_fits_the_card_and_says_its_true_size(
    card: Card, model: str, size: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    choice = choose(of(), machine(card))
    assert choice.capabilities.engine == "camera"
    said = notice(choice) or ""
    assert f"the weights of {model} (about {size} GB to download) are not here" in said


def test_a_folder_that_lacks_files_offers_no_download(tiny: Path, tmp_path: Path) -> None:
    cut = Path(shutil.copytree(tiny, tmp_path / "cut"))
    next((cut / "vae").glob("*.safetensors")).unlink()
    said = notice(choose(of(model=str(cut)), machine(H200))) or ""
    assert "the folder cut lacks some of the model's files" in said
    with pytest.raises(Misconfigured, match="but the folder cut lacks"):
        choose(of(name="ltx", model=str(cut)), machine(H200))


@pytest.mark.soak
def test_doctor_says_which_row_of_the_table_this_card_is_in(here: Path) -> None:
    """Also where torch cannot use it: by what the driver says."""
    environ = {"PATH": with_gpu(here), "PHOTOPLAY_WEB__PORT": "0", **no_weights(here)}
    report = photoplay(here, "doctor", "--model", **environ).stdout
    card, model, how, seconds = rows()[0]
    row = f"A card of 151 GB gets {model} with engine.memory={how}; seconds a clip: {seconds}."
    assert row in report
    assert f"{card} | {model} | {how} | {seconds}" in report.splitlines()
    assert [line for line in report.splitlines() if " | " in line][1:] == [*map(" | ".join, rows())]


def test_a_compiler_finds_its_way_and_memory_stays_in_one_piece() -> None:
    ours = {"CC": "gcc-13", "CPATH": "/usr/include", "TRITON_CACHE_DIR": "/t", "SECRET": "s"}
    found = engine_environment(ours)
    assert {name: found[name] for name in ("CC", "CPATH", "TRITON_CACHE_DIR")} == {
        name: ours[name] for name in ("CC", "CPATH", "TRITON_CACHE_DIR")
    }
    assert "SECRET" not in found
    assert found["PYTORCH_ALLOC_CONF"] == "expandable_segments:True"
    assert engine_environment({"PYTORCH_ALLOC_CONF": "x"})["PYTORCH_ALLOC_CONF"] == "x"
    assert "PYTORCH_ALLOC_CONF" not in engine_environment({"PYTORCH_CUDA_ALLOC_CONF": "x"})


def test_a_single_clip_is_compiled_only_where_kernels_are_kept(tiny: Path) -> None:
    settings = of(name="ltx", model=str(tiny))
    compiled = [
        json.loads(choose(settings, machine(H200), single=single).children[0].command[-1])
        for single in (True, False)
    ]
    assert [options["compile"] for options in compiled] == ["cached", "auto"]


def test_servers_serve_beside_a_card_and_in_the_place_of_a_camera(tmp_path: Path) -> None:
    url = "http://card.lan:8000/v1"
    workspace = Workspace(tmp_path, keep_inputs=60.0, keep_clips=60.0)
    two = [{"url": url, "api_key": "k"}, {"url": url, "model": "Wan", "capacity": 4}]

    def served(found: Machine, **changes: object) -> list[str]:
        settings = of(**changes)
        return [one.name for one in started_by(choose(settings, found), settings, workspace)]

    assert served(machine(), name="videos", url=url) == ["card.lan:8000"]
    assert served(machine(), servers=two) == ["card.lan:8000", "card.lan:8000#2"]
    assert served(machine(T4), servers=two[:1]) == ["card.lan:8000"]
    both = served(machine(), name="camera", devices=["cpu:0", "cpu:1"], servers=two[:1])
    assert both == ["cpu:0", "cpu:1", "card.lan:8000"]
    with pytest.raises(Misconfigured, match="draws on the processor"):
        served(machine(), name="camera", devices=["cuda:0"])
