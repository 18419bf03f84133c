"""What doctor says of secrets that others can read, and of what holds children that read files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.security_check import said_of, secrets
from generation.sandbox.children import Held

TOKEN = "123456:canary-canary-canary-canary-canar"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_token_that_others_can_read_is_told_with_the_cure(here: Path, mode: int) -> None:
    dotenv = here / ".env"
    dotenv.write_text(f"PHOTOPLAY_TELEGRAM__TOKEN={TOKEN}\n")
    dotenv.chmod(mode)
    finding = secrets(None)
    assert (finding.ok, finding.needed) == (False, False)
    assert finding.cure == f"chmod 600 {dotenv}"
    assert TOKEN not in finding.message
    dotenv.chmod(0o600)
    assert secrets(None).ok


def test_keys_in_a_settings_file_of_another_name_count_too(here: Path) -> None:
    (here / ".env").write_text(f"PHOTOPLAY_DISCORD__TOKEN={TOKEN}\n")
    named = here / "my settings.toml"
    named.write_text('[web.api_keys]\nalice = "0123456789abcdef"\n')
    for file in (named, here / ".env"):
        file.chmod(0o644)
    finding = secrets(named)
    assert ".env and my settings.toml" in finding.message
    assert finding.cure == f"chmod 600 {here / '.env'} '{named}'"


def test_files_without_a_secret_may_be_read_by_anybody(here: Path) -> None:
    (here / ".env").write_text("PHOTOPLAY_WEB__PORT=9000\nTOKEN=of somebody else\n")
    (here / "photoplay.toml").write_text("[web]\nport = 9000\n")
    for name in (".env", "photoplay.toml"):
        (here / name).chmod(0o644)
    assert secrets(None).ok


@pytest.mark.parametrize(
    ("held", "ok", "words"),
    [
        (Held(6, True), True, "Landlock ABI 6, seccomp"),
        (Held(0, True), False, "no Landlock, seccomp"),
        (Held(3, False), False, "Landlock ABI 3, no seccomp"),
        (Held(0, False), False, "no Landlock, no seccomp"),
    ],
)
def test_which_parts_of_the_sandbox_hold_is_said(held: Held, ok: bool, words: str) -> None:
    finding = said_of(held)
    assert (finding.ok, finding.needed) == (ok, False)
    assert words in finding.message
    assert bool(finding.cure) is not ok
