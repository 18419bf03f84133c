"""Several files as one zip that is written while it is sent: no copy of it is ever kept."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

CHUNK = 256 * 2**10
"""Bytes read and sent at a time."""


def zipped(files: Sequence[tuple[str, Path]]) -> Iterator[bytes]:
    """Files by the name they get; stored as they are, since clips do not get smaller.

    One that has gone meanwhile is left out: its name is missing, the others are whole.
    """
    sent = _Pending()
    with ZipFile(sent, "w", ZIP_STORED) as archive:
        for name, path in files:
            try:
                content = path.open("rb")
                entry = ZipInfo.from_file(path, name, strict_timestamps=False)
            except FileNotFoundError:
                continue
            with content, archive.open(entry, "w") as target:
                while chunk := content.read(CHUNK):
                    target.write(chunk)
                    yield sent.taken()
    yield sent.taken()


class _Pending(io.RawIOBase):
    """Where a zip is written to that nobody can seek in: it gives away what it has."""

    def __init__(self) -> None:
        super().__init__()
        self._pending = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: memoryview | bytes, /) -> int:  # type: ignore[override]
        self._pending += data
        return len(data)

    def taken(self) -> bytes:
        pending, self._pending = bytes(self._pending), bytearray()
        return pending
