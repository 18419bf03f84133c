"""One large file over a line that may be cut: it goes on where it ended, and counts its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

CHUNK = 1 << 20


def go_on(client: httpx.Client, url: str, headers: dict[str, str], part: Path, told: Told) -> None:
    """Append to `part` what it lacks; `told` hears of every piece.

    Raises `httpx.HTTPError` where the line is cut, `OSError`; `part` keeps what has come.
    """
    have = part.stat().st_size if part.exists() else 0
    ranged = {**headers, "Range": f"bytes={have}-"} if have else headers
    with client.stream("GET", url, headers=ranged, follow_redirects=True) as answer:
        if answer.status_code == NOTHING_MORE:
            return
        answer.raise_for_status()
        beginning = answer.status_code != PARTIAL  # the server sends it all again
        if beginning:
            told(-have)
        with part.open("wb" if beginning else "ab") as file:
            for piece in answer.iter_raw():  # as they come: a cut loses none
                file.write(piece)
                told(len(piece))


Told = Callable[[int], None]

PARTIAL, NOTHING_MORE = 206, 416
"""Answers to a range (RFC 9110): the rest of the file, or that there is no rest."""


def sha256(path: Path) -> str:
    seen = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            seen.update(piece)
    return seen.hexdigest()
