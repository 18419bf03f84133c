"""One key may send what it likes: everybody else is served meanwhile, and memory stays small."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.fakes.program.attackers import (
    FORM,
    SETTINGS,
    brackets,
    caller,
    large_files,
    large_urls,
    many,
    peak,
    posted,
    slow_uploads,
)
from tests.fakes.program.process import Program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

JSON = {"Content-Type": "application/json"}
MOST = 300.0
"""Megabytes that the program may have, whatever is done to it."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with Program(tmp_path_factory.mktemp("attacked") / "data", settings=SETTINGS) as running:
        yield running


async def attacked(
    program: Program, bodies: list[bytes], headers: dict[str, str], picture: bytes
) -> Counter[int]:
    """How the attack was answered; somebody else's picture is taken beside it."""
    async with caller(program, "ann") as ann:
        attack = asyncio.create_task(many(program, bodies, headers))
        honest = await posted(ann, picture)
        answers = await attack
        assert honest.status_code == 200, honest.text
        await ann.delete(f"/v1/videos/{honest.json()['id']}")
    inputs = [path.name for path in (program.data_dir / "inputs").iterdir()]
    assert not [name for name in inputs if name.endswith(".upload")]
    assert peak(program) < MOST
    return answers


async def test_files_of_25_mb_are_not_in_memory_and_only_three_of_one_key_on_their_way(
    program: Program, photograph_bytes: bytes
) -> None:
    answers = await attacked(program, large_files(8), FORM, photograph_bytes)
    assert answers[429] >= 1
    assert answers[415] >= 1
    assert answers[415] + answers[429] == 8


async def test_urls_of_33_mb_are_not_in_memory_either(
    program: Program, photograph_bytes: bytes
) -> None:
    answers = await attacked(program, large_urls(4), JSON, photograph_bytes)
    assert answers[415] >= 1
    assert answers[415] + answers[429] == 4


async def test_a_gigabyte_of_brackets_is_never_put_together(
    program: Program, photograph_bytes: bytes
) -> None:
    answers = await attacked(program, brackets(3), JSON, photograph_bytes)
    assert set(answers) <= {0, 413, 429}  # 0: it hangs up while they still talk


async def test_eight_slow_uploads_of_one_key_are_three_and_keep_nobody_waiting(
    program: Program, photograph_bytes: bytes
) -> None:
    async with slow_uploads(program, 8) as answers, caller(program, "ann") as ann:
        told = [asyncio.create_task(answer.readline()) for answer in answers]
        honest = await posted(ann, photograph_bytes)
        assert honest.status_code == 200, honest.text
        async with asyncio.timeout(30):
            while sum(one.done() for one in told) < 5:  # noqa: ASYNC110 (they have no event)
                await asyncio.sleep(0.01)
        assert {one.result()[:12] for one in told if one.done()} == {b"HTTP/1.1 429"}
        assert sum(not one.done() for one in told) == 3
        for one in told:
            one.cancel()


FEW_FILES = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (500, 500))
os.execv(sys.argv[1], sys.argv[1:])
"""


async def test_more_connections_than_there_may_be_files_keep_no_newcomer_out(
    tmp_path: Path,
) -> None:
    with Program(tmp_path / "data", behind=[sys.executable, "-c", FEW_FILES]) as program:
        url = httpx.URL(program.url)
        opened: list[asyncio.StreamWriter] = []

        async def come() -> None:
            with suppress(OSError):
                opened.append((await asyncio.open_connection(url.host, url.port))[1])

        async with httpx.AsyncClient(base_url=program.url, timeout=30) as http:
            for _ in range(5):
                await asyncio.gather(*(come() for _ in range(200)))
                assert (await http.get("/healthz")).status_code == 200
        assert len(opened) > 800
        for writer in opened:
            writer.transport.abort()
        assert "Too many open files" not in program.log
