"""How it holds under a crowd and under attack: what is waited for, and what memory it takes.

Usage: python bench/load.py [crowd | attacks]
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import argparse
import asyncio
import os

from bench.attack_parts import report_attacks
from bench.crowd_parts import HISTORY, PEOPLE, WAITING, WATCHERS, report_crowd
from bench.report_parts import machine


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=("crowd", "attacks"))
    part = parser.parse_args().part
    print(f"{machine()}, load average {os.getloadavg()[0]:.1f} before")
    if part in (None, "crowd"):
        print(
            f"{PEOPLE:,} people, {WAITING:,} waiting, {HISTORY:,} rows of history, "
            f"{WATCHERS} who watch"
        )
        await report_crowd()
    if part in (None, "attacks"):
        await report_attacks()


if __name__ == "__main__":
    asyncio.run(main())
