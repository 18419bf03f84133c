"""Weights come from a hub: only those needed, whole or again, and never unasked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generation.pipelines.ltx.profiles import profile_of
from tests.fakes.hub.server import Hub

pytestmark = pytest.mark.slow

OURS = ("PHOTOPLAY_", "HF_", "TRANSFORMERS_")
"""Of the environment; a model that another story loaded in this process turned the hub off."""

REPO = "Lightricks/LTX-Video-0.9.5"
TRANSFORMER = bytes(range(256)) * 8_000
INDEX = {
    "_class_name": "LTXConditionPipeline",
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
    "text_encoder": ["transformers", "T5EncoderModel"],
    "tokenizer": ["transformers", "T5TokenizerFast"],
    "transformer": ["diffusers", "LTXVideoTransformer3DModel"],
    "vae": ["diffusers", "AutoencoderKLLTXVideo"],
    "safety_checker": [None, None],
}
PIECES = {"weight_map": {"a": "model-1-of-2.safetensors", "b": "model-2-of-2.safetensors"}}
NEEDED = {
    "model_index.json": json.dumps(INDEX).encode(),
    "scheduler/scheduler_config.json": b'{"of": 0}',
    "text_encoder/config.json": b'{"of": 1}',
    "text_encoder/model.safetensors.index.json": json.dumps(PIECES).encode(),
    "text_encoder/model-1-of-2.safetensors": b"one" * 5_000,
    "text_encoder/model-2-of-2.safetensors": b"two" * 5_000,
    "tokenizer/tokenizer.json": b'{"of": 2}',
    "tokenizer/spiece.model": b"pieces",
    "transformer/config.json": b'{"of": 3}',
    "transformer/diffusion_pytorch_model.safetensors": TRANSFORMER,
    "vae/config.json": b"{ }",
    "vae/diffusion_pytorch_model.safetensors": b"vae" * 5_000,
}
UNNEEDED = {
    "README.md": b"# card",
    "ltx-video-2b-v0.9.5.safetensors": b"single file" * 5_000,
    "transformer/diffusion_pytorch_model.fp16.safetensors": b"variant" * 5_000,
    "transformer/diffusion_pytorch_model.bin": b"pickle" * 5_000,
    "text_encoder/pytorch_model.bin": b"pickle" * 5_000,
}


@pytest.fixture
def hub() -> Iterator[Hub]:
    files = {f"{REPO}/{name}": content for name, content in {**NEEDED, **UNNEEDED}.items()}
    with Hub(files) as hub:
        yield hub


def download(
    hub: Hub, home: Path, *arguments: str, model: str = REPO, **settings: str
) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
    answer = subprocess.run(
        [sys.executable, "-m", "bot", "download", model, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**inherited, "HF_ENDPOINT": hub.url, "HF_HOME": str(home), **settings},
        timeout=60,
    )
    assert "Traceback" not in answer.stdout + answer.stderr
    return answer


def have(home: Path) -> dict[str, bytes]:
    [snapshot] = (home / "hub").glob("models--*/snapshots/*")
    return {
        path.relative_to(snapshot).as_posix(): path.read_bytes()
        for path in snapshot.rglob("*")
        if path.is_file()
    }


def missing(home: Path, model: str = REPO) -> bool:
    """As the program sees it at its start: offline, in a process of its own."""
    code = (
        "from generation.pipelines.ltx.profiles import profile_of\n"
        "from generation.pipelines.ltx.weights.present import weights_missing\n"
        f"profile = profile_of({model!r})\n"
        f"print(weights_missing(profile, {model!r}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HF_HOME": str(home), "PYTHONPATH": str(Path.cwd())},
        check=True,
    )
    return answer.stdout.strip() == "True"


def test_what_the_index_names_comes_and_nothing_else(hub: Hub, tmp_path: Path) -> None:
    assert missing(tmp_path)
    answer = download(hub, tmp_path, "--yes")
    assert answer.returncode == 0, answer.stderr
    assert have(tmp_path) == NEEDED
    assert not missing(tmp_path)
    assert hub.asked() == set(NEEDED)


def test_licence_and_size_are_said_before_anything_large_comes(hub: Hub, tmp_path: Path) -> None:
    answer = download(hub, tmp_path)
    profile = profile_of(REPO)
    assert profile is not None
    assert profile.licence in answer.stdout
    assert "12 files" in answer.stdout
    assert answer.returncode == 1
    assert "say --yes" in answer.stderr
    assert not [path for path in hub.asked() if path.endswith(".safetensors")]


def test_a_cut_line_is_said_and_the_next_try_goes_on_from_there(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after = 7_000
    cut = download(hub, tmp_path, "--yes")
    assert cut.returncode == 1
    assert "run the same command again" in cut.stderr
    assert missing(tmp_path)
    hub.requests.clear()
    whole = download(hub, tmp_path, "--yes")
    assert whole.returncode == 0, whole.stderr
    assert have(tmp_path) == NEEDED
    resumed = [at for verb, _, at in hub.requests if verb == "GET" and at is not None]
    assert resumed == ["bytes=7000-"]


def test_a_file_with_another_hash_is_deleted_and_said(hub: Hub, tmp_path: Path) -> None:
    hub.lying = True
    answer = download(hub, tmp_path, "--yes")
    assert answer.returncode == 1
    assert "did not arrive as the hub describes it" in answer.stderr
    assert missing(tmp_path)
    assert not list((tmp_path / "hub").rglob("*.part"))
    hub.lying = False
    assert download(hub, tmp_path, "--yes").returncode == 0
    assert have(tmp_path) == NEEDED


def test_a_second_download_has_nothing_to_fetch(hub: Hub, tmp_path: Path) -> None:
    download(hub, tmp_path, "--yes")
    hub.requests.clear()
    answer = download(hub, tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert "Everything is here already" in answer.stdout
    assert not [path for path in hub.asked() if path.endswith(".safetensors")]


def test_a_gated_model_says_how_to_get_in(hub: Hub, tmp_path: Path) -> None:
    hub.gated = True
    answer = download(hub, tmp_path, "--yes")
    assert answer.returncode == 1
    assert "HF_TOKEN" in answer.stderr


def test_a_hub_that_is_away_is_one_line(hub: Hub, tmp_path: Path) -> None:
    hub.__exit__()
    answer = download(hub, tmp_path, "--yes")
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1
    assert "does not answer" in answer.stderr


def test_an_unknown_model_is_answered_with_the_known_ones(hub: Hub, tmp_path: Path) -> None:
    answer = download(hub, tmp_path, model="somebody/something")
    assert answer.returncode == 1
    assert "LTX-Video-0.9.5" in answer.stderr


def test_a_single_file_model_takes_the_rest_from_its_base_without_that_transformer(
    hub: Hub, tmp_path: Path
) -> None:
    name = "ltxv-2b-0.9.8-distilled.safetensors"
    hub.files[f"Lightricks/LTX-Video/{name}"] = b"distilled" * 5_000
    for part in ("config.json", "diffusion_pytorch_model.safetensors"):
        upsampler = "a-r-r-o-w/LTX-0.9.8-Latent-Upsampler/latent_upsampler"
        hub.files[f"{upsampler}/{part}"] = b"twice as large" * 9
    model = "LTX-Video-2B-0.9.8-distilled"
    answer = download(hub, tmp_path, "--yes", model=model)
    assert answer.returncode == 0, answer.stderr
    assert not missing(tmp_path, model)
    assert name in hub.asked()
    assert "transformer/diffusion_pytorch_model.safetensors" not in hub.asked()
    assert "transformer/config.json" in hub.asked()
    assert "latent_upsampler/diffusion_pytorch_model.safetensors" in hub.asked()


def test_the_lora_of_a_second_stage_comes_along_unless_there_is_to_be_none(
    hub: Hub, tmp_path: Path
) -> None:
    beside = {
        "latent_upsampler/config.json": b"{}",
        "latent_upsampler/diffusion_pytorch_model.safetensors": b"twice as large" * 9,
        "ltx-2-19b-distilled-lora-384.safetensors": b"a few steps" * 9,
    }
    files = {**NEEDED, **UNNEEDED, **beside}
    hub.files = {f"Lightricks/LTX-2/{name}": content for name, content in files.items()}
    one = download(hub, tmp_path, "--yes", model="LTX-2", PHOTOPLAY_ENGINE__TWO_STAGES="false")
    assert one.returncode == 0, one.stderr
    assert have(tmp_path) == NEEDED
    assert "LTX-2 from Lightricks/LTX-2, about 92 GB." in one.stdout
    two = download(hub, tmp_path, "--yes", model="LTX-2")
    assert two.returncode == 0, two.stderr
    assert have(tmp_path) == NEEDED | beside
    assert "LTX-2 from Lightricks/LTX-2, about 101 GB." in two.stdout


def test_without_a_name_the_model_for_this_card_is_offered(tmp_path: Path) -> None:
    """With licence and size, before the hub is asked."""
    program = tmp_path / "driver" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'NVIDIA RTX 4090, 24564 MiB'\n")
    program.chmod(0o755)
    environ = {"PATH": f"{program.parent}:{os.environ['PATH']}", "HF_HOME": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-m", "bot", "download"],
        capture_output=True,
        text=True,
        env={**os.environ, **environ, "HF_ENDPOINT": "http://127.0.0.1:9"},
        timeout=60,
    )
    name = "LTX-Video-2B-0.9.8-distilled"
    assert f"For this machine (NVIDIA RTX 4090, 24564 MiB) it is {name}." in answer.stdout
    assert f"{name} from Lightricks/LTX-Video, about 26 GB.\nLTXV Open Weights" in answer.stdout
    assert answer.returncode == 1
