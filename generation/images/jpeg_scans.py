"""How often a JPEG goes over its own pixels: a small file can do so for minutes."""

from __future__ import annotations

import re
from typing import Final

MOST_SCANS: Final = 64
"""Progressive pictures have about ten; each costs as much time as the picture has pixels."""

_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_SCAN: Final = 0xDA
_END: Final = 0xD9


def has_too_many_scans(data: bytes) -> bool:
    """Segments are leapt over, so that the scans of a preview inside them are not counted."""
    scans, at = 0, 2
    while marker := _MARKER.search(data, at):
        kind, at = data[marker.start() + 1], marker.end()
        if kind == _END:
            return False
        scans += kind == _SCAN
        if scans > MOST_SCANS:
            return True
        at += int.from_bytes(data[at : at + 2], "big")
    return False
