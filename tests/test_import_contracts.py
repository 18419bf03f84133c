"""The import contracts hold for files that nobody has written yet."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

STRANGERS = {
    "bot/language": "bot.chat.buttons",
    "bot/submission": "bot.chat.buttons",
    "bot/runtime": "bot.delivery.links",
    "bot/chat": "bot.delivery.links",
    "bot/delivery": "bot.submission.options",
    "bot/platforms/discord": "bot.platforms.telegram.address",
    "bot/platforms/telegram": "bot.runtime.signing",
    "bot/platforms/web": "bot.chat.buttons",
    "bot/cli": "discord",
    "bot/fresh": "telegram",
    "config": "generation.jobs",
    "generation/store": "config.settings",
    "generation/dispatch": "fastapi",
    "generation/engine": "generation.pipelines.camera.capabilities",
    "generation/media": "torch",
    "generation/images": "cv2",
    "generation/pipelines/camera": "diffusers",
    "generation/pipelines/ltx": "generation.pipelines.camera.capabilities",
    "generation/pipelines/fresh": "generation.store.rows",
}
"""A new file's folder, and what it must not import; `fresh` is a new folder."""


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    house = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", house)
    for package in ("bot", "config", "generation"):
        shutil.copytree(ROOT / package, house / package, ignore=shutil.ignore_patterns("*.pyc"))
    for folder, forbidden in STRANGERS.items():
        (house / folder).mkdir(exist_ok=True)
        (house / folder / "__init__.py").touch()
        (house / folder / "stranger.py").write_text(f"import {forbidden}\n")
    linter = Path(sys.executable).parent / "lint-imports"
    command = [str(linter), "--no-logo", "--no-cache"]
    answer = subprocess.run(command, cwd=house, capture_output=True, text=True)
    return answer.stdout


@pytest.mark.parametrize("folder", STRANGERS)
def test_a_new_file_is_guarded_though_no_contract_names_it(folder: str, complaints: str) -> None:
    module = f"{folder.replace('/', '.')}.stranger"
    assert f"{module} -> {STRANGERS[folder]}" in complaints, complaints
