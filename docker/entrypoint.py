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

KEYS = "PHOTOPLAY_WEB__API_KEYS"


def key_in(folder: Path) -> str:
    """The key of this data folder, made at the first start and readable by its owner alone."""
    path = folder / "web-key"
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(file, "w", encoding="ascii") as opened:
        key = secrets.token_urlsafe(24)
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
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
