"""The workers of all engines, which begin, stop and are interrupted together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from generation.dispatch.worker import Worker
from generation.engine.protocol import Engine


class Workers:
    """`engines` are copies of one engine, such as one for each GPU; each has one of `workers`."""

    def __init__(self, engines: Sequence[Engine], workers: Sequence[Worker]) -> None:
        self._engines = engines
        self._workers = workers

    @property
    def engine(self) -> str:
        """Whose jobs are claimed."""
        return self._engines[0].capabilities.engine

    @property
    def ready(self) -> bool:
        """True once an engine is warm."""
        return any(engine.ready for engine in self._engines)

    async def run(self) -> None:
        """Until `stop`, and then until what is being made has ended."""
        async with asyncio.TaskGroup() as tasks:
            for worker in self._workers:
                tasks.create_task(worker.run())

    def stop(self) -> None:
        for worker in self._workers:
            worker.stop()

    def interrupt(self, job_id: str) -> None:
        """End a job that was cancelled in the table, whoever makes it."""
        for worker in self._workers:
            worker.interrupt(job_id)

    async def close(self) -> None:
        """End every engine's processes."""
        for engine in self._engines:
            await engine.close()
