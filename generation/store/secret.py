"""The secret of this data folder: it signs cookies and links, and names the forgotten."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from generation.errors import Misconfigured

LENGTH = 32


def load_secret(path: Path) -> bytes:
    """Read or make the secret: random bytes, for this user's eyes only; whole, or not there at all.

    Raises `Misconfigured` for one that is damaged: a shorter secret could be guessed.
    """
    with suppress(FileNotFoundError):
        return _whole(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        _write(part, secrets.token_bytes(LENGTH))
        with suppress(FileExistsError):  # another process was first: then its secret holds
            os.link(part, path)
        _flush(path.parent)
    except OSError as error:
        raise Misconfigured(
            f"The secret in data_dir cannot be written ({error.strerror})."
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return _whole(path)


def _whole(path: Path) -> bytes:
    secret = path.read_bytes()
    if len(secret) != LENGTH:
        raise Misconfigured(
            f"The file `{path.name}` in data_dir is damaged; restore it, or delete it: then "
            "everybody signs in to the page again, links to clips end, and what was forgotten "
            "counts no more."
        )
    return secret


def _write(path: Path, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _flush(folder: Path) -> None:
    """The name is on the disk as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
