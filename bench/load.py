"""How it holds under a crowd and under attack: what is waited for, and what memory it takes.

Usage: python bench/load.py [attacks]
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # this file's own folder, where queue.py would hide the standard queue module

import asyncio

from bench.attack_parts import report_attacks
from bench.report_parts import machine


async def main() -> None:
    print(machine())
    await report_attacks()


if __name__ == "__main__":
    asyncio.run(main())
