"""What an installation brings: what is imported is declared, and nobody is sent astray."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OURS = {"bot", "config", "generation"}
EXACT = {"pydantic-core": "pydantic"}
"""Pinned by the one that brings it to a single version: there is nothing to declare."""

OF_EXTRAS = {
    "ltx": ("generation/pipelines/ltx", "bot/cli/download.py"),
    "depth": ("generation/pipelines/camera/depth_model.py",),
    "c2pa": ("generation/media/provenance.py",),
    "ray": ("generation/cluster/ray_cluster.py",),
}


def name_of(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def declared(*extras: str) -> set[str]:
    found = [*PROJECT["dependencies"]]
    for extra in extras:
        found += PROJECT["optional-dependencies"][extra]
    return {name_of(one) for one in found}


@cache
def distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


def imported(path: Path) -> set[str]:
    """Names of the distributions that a file imports, at its top or later."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module.partition(".")[0])
    known = distributions()
    outside = modules - OURS - sys.stdlib_module_names
    return {name_of(known[one][0]) for one in outside if one in known} - {"photoplay"}


def extras_of(path: Path) -> list[str]:
    name = path.relative_to(ROOT).as_posix()
    return [extra for extra, places in OF_EXTRAS.items() if name.startswith(places)]


@pytest.mark.parametrize("package", sorted(OURS))
def test_what_is_imported_is_declared(package: str) -> None:
    missing = {}
    for path in (ROOT / package).rglob("*.py"):
        lacking = imported(path) - declared(*extras_of(path)) - set(EXACT)
        if lacking:
            missing[str(path.relative_to(ROOT))] = lacking
    assert missing == {}


def test_every_dependency_says_its_lowest_version() -> None:
    assert [one for one in PROJECT["dependencies"] if ">=" not in one] == []


GIVEN = {"torch", "numpy"}
"""What docs/gpu-check.md takes to be on a machine with a GPU."""

UNCALLED = {"hf-xet"}
"""For downloads, of which that machine makes none."""


def test_the_kit_for_a_gpu_lacks_nothing_that_its_parts_need() -> None:
    pytest.importorskip("transformers", reason="THE MODEL'S LIBRARIES ARE NOT INSTALLED HERE")
    lines = (ROOT / "tests/gpu/requirements.txt").read_text("utf-8").splitlines()
    kit = {name_of(line) for line in lines if not line.startswith("#")}
    lacking = {}
    for one in kit - {"torchao"}:  # needs nothing; only where there is a GPU it is installed
        needed = {name_of(line) for line in requires(one) or () if applies(line)}
        lacking[one] = needed - kit - GIVEN - UNCALLED
    assert {one: names for one, names in lacking.items() if names} == {}


def applies(requirement: str) -> bool:
    """Not for an extra alone, nor for another system."""
    marker = Requirement(requirement).marker
    return marker is None or marker.evaluate({"extra": "", "python_version": "3.12"})


def test_no_page_and_no_message_sends_to_a_package_index() -> None:
    texts = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "bot").rglob("*.py")]
    sent = re.compile(r"(pip|pipx|uv tool) install '?photoplay")
    assert [str(one) for one in texts if sent.search(one.read_text("utf-8"))] == []


def test_no_address_of_the_project_is_made_up() -> None:
    """Where it is fetched from, a person fills in; once one is known, the metadata names it too."""
    told = re.compile(r"(?:git clone|git\+)\s*(\S*\w)")
    for page in (ROOT / "README.md", ROOT / "deploy" / "README.md"):
        addresses = set(told.findall(page.read_text("utf-8")))
        assert addresses == set(PROJECT.get("urls", {"": "ADDRESS"}).values()), page


def test_the_version_stands_in_one_place_and_the_changelog_knows_it() -> None:
    version = PROJECT["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    for path in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "generation").rglob("*.py")):
        assert f'"{version}"' not in path.read_text("utf-8")


def test_units_that_share_a_folder_keep_it_from_everybody_else() -> None:
    """systemd gives it the mode of whichever unit starts last."""
    for path in (ROOT / "deploy").glob("*.service"):
        lines = path.read_text("utf-8").splitlines()
        assert {"StateDirectory=photoplay", "StateDirectoryMode=0700"} <= set(lines), path


def test_what_somebody_reports_can_be_understood() -> None:
    forms = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
    parsed = {one.stem: yaml.safe_load(one.read_text("utf-8")) for one in forms}
    assert set(parsed) == {"bug", "wish", "config"}
    assert {field["id"] for field in parsed["bug"]["body"]} >= {"what", "doctor", "where"}
