"""The command that adds an extra is one that works where this program came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.runtime.extras import command, how_to_add

GIT = {"url": "https://example.org/photoplay.git", "vcs_info": {"vcs": "git", "commit_id": "1"}}
FROM_GIT = "'photoplay[ltx] @ git+https://example.org/photoplay.git'"
CLONE = {"url": "file:///home/ann/my%20photoplay", "dir_info": {"editable": True}}


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("uv-receipt.toml", f"uv tool install {FROM_GIT}"),
        ("pipx_metadata.json", f"pipx install --force {FROM_GIT}"),
    ],
)
def test_tools_that_keep_a_venv_of_their_own_are_told_by_what_they_leave_there(
    tmp_path: Path, mark: str, says: str
) -> None:
    (tmp_path / mark).touch()
    assert command("ltx", GIT, tmp_path) == says


def test_a_venv_uses_its_own_pip_and_a_clone_its_folder(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    assert command("ltx", GIT, tmp_path) == f"{python} -m pip install {FROM_GIT}"
    clone = f"{python} -m pip install -e '/home/ann/my photoplay[ltx]'"
    assert command("ltx", CLONE, tmp_path) == clone


def test_this_installation_is_never_sent_to_a_package_index() -> None:
    assert "install" in how_to_add("c2pa")
    assert " 'photoplay[c2pa]'" not in how_to_add("c2pa")
