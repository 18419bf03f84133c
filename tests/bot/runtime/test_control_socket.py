"""The operator's commands with ten thousand waiting: one line at once, and a list in pages."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.runtime.control_socket import PAGE, Control, ask
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, House, house, wish

WAITING = 10_000
MORE = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
INSERT INTO jobs (id, platform, user, status, turn, created_at, engine, cost, request, notes,
                  address, delivery)
SELECT 'video_' || n, platform, 'user' || (n % 1000), 'queued', turn + n, created_at, engine, cost,
       request, notes, address, delivery
FROM jobs, numbers WHERE jobs.id = :id
"""


STOPPED = {"telegram": "Telegram cannot be reached."}


async def wait_in_line(home: House, count: int) -> None:
    """So many requests of a thousand people."""
    ticket = await home.service.submit(wish("the sea " * 30), ANN)
    await home.database.rows(MORE, {"id": ticket.job_id, "count": count - 1})


@asynccontextmanager
async def crowded(folder: Path) -> AsyncGenerator[Path]:
    async with house(folder, SteppedEngine()) as home:
        await wait_in_line(home, WAITING)
        path = folder / "control.sock"
        control = Control(path, home.service, home.workers, home.queue, home.history, STOPPED)
        await control.open()
        serving = asyncio.create_task(control.run())
        try:
            yield path
        finally:
            serving.cancel()
            await asyncio.wait([serving])


async def test_a_pause_is_one_line_at_once_however_many_wait(tmp_path: Path) -> None:
    async with crowded(tmp_path) as path:
        began = time.monotonic()
        answer = await ask(path, {"command": "pause"})
        assert time.monotonic() - began < 2.0
        assert answer == {"mode": "paused", "reason": None, "count": WAITING}
        assert (await ask(path, {"command": "resume"}))["mode"] == "open"


async def test_a_list_has_pages_which_together_are_everybody_once(tmp_path: Path) -> None:
    async with crowded(tmp_path) as path:
        seen: list[str] = []
        for page in (1, 2, 3):
            answer = await ask(path, {"command": "list", "page": page})
            assert len(json.dumps(answer)) < 50_000
            assert answer["count"] == WAITING
            seen += [job["id"] for job in answer["jobs"]]
        assert len(seen) == len(set(seen)) == 3 * PAGE
        last = await ask(path, {"command": "list", "page": WAITING // PAGE})
        assert len(last["jobs"]) == PAGE
        assert (await ask(path, {"command": "list", "page": WAITING // PAGE + 1}))["jobs"] == []
        assert "error" in await ask(path, {"command": "list", "page": 0})


async def test_whoever_asks_is_told_which_platforms_are_not_served(tmp_path: Path) -> None:
    async with crowded(tmp_path) as path:
        assert await ask(path, {"command": "stopped"}) == {"stopped": STOPPED}
