"""The secret is whole or refused: half of one could be guessed, and would sign cookies."""

from __future__ import annotations

from pathlib import Path

import pytest

from generation.errors import Misconfigured
from generation.store.secret import load_secret


def test_a_secret_is_made_once_for_this_user_alone(tmp_path: Path) -> None:
    first = load_secret(tmp_path / "secret")
    assert len(first) == 32
    assert load_secret(tmp_path / "secret") == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize("left", [b"", b"half of it", b"x" * 33])
def test_a_damaged_secret_is_refused_and_not_replaced(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(left)
    with pytest.raises(Misconfigured, match="damaged"):
        load_secret(path)
    assert path.read_bytes() == left


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be written"):
        load_secret(tmp_path / "not there" / "secret")
