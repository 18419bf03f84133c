"""What children print: all that a library says is kept, and a flood costs its reader nothing."""

from __future__ import annotations

import asyncio
import time

import pytest

from generation.printed import BURST, LONGEST, PIECE, last_printed, lines, printed


def stream(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


async def test_a_report_of_many_lines_comes_whole() -> None:
    said = [f"line {number}" for number in range(BURST)]
    assert [line async for line in printed(stream("\n \n".join(said).encode()))] == said


async def test_of_a_flood_only_the_last_lines_are_taken() -> None:
    flood = b"a\n" * (3 * PIECE // 2) + b"the end"
    taken = [line async for line in printed(stream(flood))]
    assert BURST <= len(taken) < 2 * BURST
    assert taken[-1] == "the end"


@pytest.mark.parametrize("flood", [b"a", b"/", b" ", b"\n", b"\xff"])
async def test_the_work_grows_with_what_is_printed_and_no_faster(flood: bytes) -> None:
    began = time.process_time()
    assert all(len(line) <= LONGEST for line in lines(flood * 2**20))
    assert len(await last_printed(stream(flood * 2**20))) <= LONGEST
    assert time.process_time() - began < 5
