"""The secret of this data folder: it signs cookies and links, and names the forgotten."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def load_secret(path: Path) -> bytes:
    """Read or make the secret that signs cookies: 32 random bytes, for this user's eyes only."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(file, "wb") as opened:
        opened.write(secrets.token_bytes(32))
        opened.flush()
        os.fsync(opened.fileno())
    return path.read_bytes()
