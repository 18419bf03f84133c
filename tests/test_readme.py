"""What the README promises: every setting, no dead link, no figure without its script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.catalogue import describe

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/api.md", "docs/decisions/README.md"]


def test_the_table_names_every_setting_with_its_meaning() -> None:
    for setting in describe():
        assert f"| `{setting.name}` |" in README
        assert setting.meaning in README


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_link_leads_nowhere(name: str) -> None:
    folder = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text("utf-8"))
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_figure_has_its_script() -> None:
    scripts = re.findall(r"`(bench/\w+\.py)`", README)
    assert scripts
    assert [script for script in scripts if not (ROOT / script).exists()] == []
