"""A command that is told to end cleans up first: no picture of anybody's stays behind."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


async def until_told_to_end(work: Coroutine[None, None, T]) -> T:
    """Cancel `work` at SIGTERM or SIGHUP and exit with 128 + its number; Ctrl-C does so anyway."""
    task = asyncio.ensure_future(work)
    told: list[int] = []

    def end(number: int) -> None:
        told.append(number)
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` wants it
            loop.add_signal_handler(number, end, number)
    try:
        return await task
    except asyncio.CancelledError:
        if told:
            sys.exit(128 + told[0])
        raise
