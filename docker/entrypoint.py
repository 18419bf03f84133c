"""Gives a container a key of its own, since its page is reachable from outside the container.

The key is made once, kept in the data volume for the next start, and printed to the log, where
only whoever runs the container reads it. Keys that the operator sets themselves win.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

LEAST = 32
"""Characters: what 24 random bytes are written as."""

KEYS = "PHOTOPLAY_WEB__API_KEYS"


def key_in(folder: Path) -> str:
    """The key of this data folder, made at the first start and readable by its owner alone."""
    path = folder / "web-key"
    if not path.exists():
        part = path.with_name(f".web-key.{secrets.token_hex(4)}.part")
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(24))
            opened.flush()
            os.fsync(opened.fileno())
        part.rename(path)  # whole, or not there at all
    key = path.read_text("ascii").strip()
    if len(key) < LEAST:
        sys.exit(f"{path} is damaged: delete it, and the next start makes another key.")
    return key


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the program is started with; a key travels in the environment, where `ps` is blind."""
    if environ.get(KEYS):
        return dict(environ)
    key = key_in(Path(environ["PHOTOPLAY_DATA_DIR"]))
    sys.stdout.write(f"Your key for the page: {key}\n")
    sys.stdout.flush()
    return {**environ, KEYS: json.dumps({"owner": key})}


def main() -> None:
    command = sys.argv[1:]
    os.execvpe(command[0], command, environment(os.environ))


if __name__ == "__main__":
    main()
