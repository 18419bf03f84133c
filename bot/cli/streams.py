"""The three standard streams are there, whoever started us without some: `>&-` is `>/dev/null`."""

from __future__ import annotations

import os
import sys
from typing import Literal, TextIO


def open_closed_streams() -> None:
    """Before anything else is opened, which would get a stream's number and all that is printed."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    sys.stdin = sys.stdin or _text(0, "r")
    sys.stdout = sys.stdout or _text(1, "w")
    sys.stderr = sys.stderr or _text(2, "w")


def _text(number: int, mode: Literal["r", "w"]) -> TextIO:
    return open(number, mode, encoding="utf-8", closefd=False)
