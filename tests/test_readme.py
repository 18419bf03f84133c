"""What the README promises: every setting, no dead link, no figure without its script."""

from __future__ import annotations

import math
import os
import re
import subprocess
from pathlib import Path

import pytest

from config.catalogue import describe
from generation.pipelines.ltx import cards
from generation.pipelines.ltx.memory import needs
from generation.pipelines.ltx.options import Memory
from generation.pipelines.ltx.profiles import PROFILES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/api.md",
    "docs/clients.md",
    "docs/gpu-check.md",
    "docs/prompts.md",
    "docs/architecture.md",
    "docs/decisions/README.md",
    "docs/guiding.md",
    "SECURITY.md",
    "deploy/README.md",
]


def test_the_table_names_every_setting_with_its_meaning() -> None:
    for setting in describe():
        assert f"| `{setting.name}` |" in README
        assert setting.meaning in README


def test_the_table_of_models_says_what_the_engine_will_choose_by() -> None:
    for profile in PROFILES:
        known = needs(profile)
        full, text = (math.ceil(known[how].card) for how in (Memory.FULL, Memory.TEXT))
        low = math.ceil(known[Memory.LOW].host)
        row = f"| {profile.name} | {profile.download:.0f} GB | {full} GB | {text} GB | {low} GB |"
        [line] = [line for line in README.splitlines() if line.startswith(row)]
        steps, _, _, stages, _, guidance = line.removeprefix(row).strip(" |").split(" | ")
        assert int(steps) == (len(profile.schedule) or profile.steps)
        assert int(stages) == (2 if profile.stages else 1)
        assert guidance == (f"{profile.guidance:g}" if profile.guidance > 1 else "none")


def test_the_table_of_cards_is_the_one_that_doctor_prints() -> None:
    head, _, *rows = README[README.index("| card |") :].partition("\n\n")[0].splitlines()
    assert head == f"| {' | '.join(cards.HEAD)} |"
    told = [f"| {card} | {model} | `{how}` | {time} |" for card, model, how, time in cards.rows()]
    assert rows == told


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_link_leads_nowhere(name: str) -> None:
    folder = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text("utf-8"))
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_figure_has_its_script() -> None:
    scripts = re.findall(r"`(bench/\w+\.py)`", README)
    assert scripts
    assert [script for script in scripts if not (ROOT / script).exists()] == []


def test_the_architecture_names_places_that_exist() -> None:
    named = re.findall(r"`((?:bot|config|generation)/[\w/.]+)`", ARCHITECTURE)
    assert len(named) > 30
    assert [place for place in named if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("fails", ["nothing", "pytest", "bench"])
def test_the_block_for_a_gpu_runs_to_its_end_and_tells_what_failed(
    fails: str, tmp_path: Path
) -> None:
    program = tmp_path / "bin" / "python3"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "ran $*"\ncase "$*" in *{fails}*) exit 3;; esac\n')
    program.chmod(0o755)
    block = (ROOT / "docs/gpu-check.md").read_text("utf-8").split("```bash\n")[1].split("```")[0]
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    answer = subprocess.run(["bash", "-c", block], cwd=tmp_path, env=environment)
    assert answer.returncode == (fails != "nothing")
    for name, part in (("gpu_tests", "-m pytest"), ("ltx_gpu", "bench/ltx_gpu.py")):
        assert part in (tmp_path / "bench/results" / f"{name}.txt").read_text()
