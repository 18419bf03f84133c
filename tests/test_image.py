"""The container's promises, as far as they can be kept without a Docker engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from config.sections import RunSettings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
SHOW = "import os; print(os.environ['PHOTOPLAY_WEB__API_KEYS'])"


def service(name: str = "photoplay") -> dict[str, Any]:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    assert set(services) == {"photoplay", "photoplay-gpu"}
    return dict(services[name])


def enter(folder: Path, **environ: str) -> list[str]:
    """What the container prints when its command shows the keys it was given."""
    answer = subprocess.run(
        [sys.executable, ROOT / "docker" / "entrypoint.py", sys.executable, "-c", SHOW],
        env={"PATH": os.environ["PATH"], "PHOTOPLAY_DATA_DIR": str(folder), **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.splitlines()


def test_the_image_runs_as_nobody_special_and_says_whether_it_lives() -> None:
    final = DOCKERFILE[DOCKERFILE.index(" AS cpu") : DOCKERFILE.index(" AS gpu")]
    for line in ("USER photoplay", "VOLUME /data", "HEALTHCHECK", "EXPOSE 8000"):
        assert line in final
    assert 'ENTRYPOINT ["' in final  # not through a shell, which would swallow SIGTERM
    assert 'CMD ["photoplay", "run"]' in final


def test_only_what_is_needed_is_sent_to_the_build() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert ignored[0] == "*"
    needed = {"bot", "config", "generation", "docker", "pyproject.toml", "constraints.txt"}
    assert {line[1:] for line in ignored if line.startswith("!")} >= needed


def test_compose_publishes_to_this_machine_alone_and_gives_the_last_job_its_grace() -> None:
    only = service()
    assert only["ports"] == ["127.0.0.1:8000:8000"]
    assert int(only["stop_grace_period"].removesuffix("s")) > RunSettings().grace
    assert only["read_only"]
    assert only["cap_drop"] == ["ALL"]
    assert only["volumes"] == ["data:/data"]


def test_the_gpus_image_is_the_same_program_with_the_models_libraries() -> None:
    final = DOCKERFILE[DOCKERFILE.index("FROM cpu AS gpu") :]
    assert "'.[ltx]'" in DOCKERFILE
    assert final.index("USER root") < final.index("apt-get") < final.index("USER photoplay")
    assert "VOLUME /weights" in final
    assert "HF_HOME=/weights" in final


def test_the_gpu_is_reserved_only_where_its_profile_is_asked_for() -> None:
    plain, gpu = service(), service("photoplay-gpu")
    assert "profiles" not in plain
    assert "deploy" not in plain
    assert gpu["profiles"] == ["gpu"]
    [device] = gpu["deploy"]["resources"]["reservations"]["devices"]
    assert (device["driver"], device["capabilities"]) == ("nvidia", ["gpu"])
    assert gpu["volumes"] == ["data:/data", "weights:/weights"]
    kept = ("ports", "read_only", "cap_drop", "security_opt", "stop_grace_period", "init")
    assert {gpu[name] == plain[name] for name in kept} == {True}


def test_a_key_is_made_once_printed_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    printed, keys = enter(tmp_path)
    key = json.loads(keys)["owner"]
    assert printed == f"Your key for the page: {key}"
    assert len(key) >= 16
    assert (tmp_path / "web-key").stat().st_mode & 0o777 == 0o600
    assert enter(tmp_path) == [printed, keys]


def test_the_operators_own_keys_win(tmp_path: Path) -> None:
    own = '{"alice": "a-key-of-alices-own"}'
    assert enter(tmp_path, PHOTOPLAY_WEB__API_KEYS=own) == [own]
    assert list(tmp_path.iterdir()) == []
