"""The three standard streams are there, whoever started us without some: `>&-` is `>/dev/null`."""

from __future__ import annotations

import os
import sys


def open_closed_streams() -> None:
    """Before anything else is opened, which would get a stream's number and all that is printed."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)
