"""One card of a cluster, on its machine: an actor that keeps the ordinary engine's process there.

It imports no ray and runs no model: whatever ends the engine, this stays to tell of it.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from importlib.metadata import version

from generation.cluster.cargo import (
    Arrived,
    Arriving,
    EngineGone,
    Files,
    Loaded,
    Told,
    failed,
    laid_down,
    sent,
)
from generation.cluster.own_folder import own_folder
from generation.cluster.spec import parse_card
from generation.engine.environment import engine_environment
from generation.engine.process import EngineProcess
from generation.engine.protocol import (
    Animation,
    Done,
    Heartbeat,
    WorkerLost,
)
from generation.events import Cancelled, Failed
from generation.media.errors import encoding_failure


class CardHost:
    """Its methods are called from far away; what they are given and give back can be pickled.

    `spec` is read only after `facts`: it may be of another version.
    """

    def __init__(self, spec: str, beat: float) -> None:
        self._spec = spec
        self._beat = beat
        folder = own_folder("photoplay-card-")
        self._inputs, self._clips = folder / "inputs", folder / "clips"
        for one in (self._inputs, self._clips):
            one.mkdir(mode=0o700)
        self._started: EngineProcess | None = None
        self._making: dict[tuple[str, int], asyncio.Task[None]] = {}

    @property
    def _engine(self) -> EngineProcess:
        if self._started is None:
            spec = parse_card(self._spec)
            folders = ("--inputs", str(self._inputs), "--clips", str(self._clips))
            confined = "generation.child" in spec.program
            self._started = EngineProcess(
                (sys.executable, *spec.program, *(folders if confined else ())),
                name=spec.device,
                capabilities=spec.known,
                deadlines=spec.deadlines,
                environment=engine_environment(os.environ),
            )
        return self._started

    async def facts(self) -> dict[str, str]:
        """Which photoplay this is, where, and the card it was given."""
        given = os.environ.get("CUDA_VISIBLE_DEVICES", "")
        return {"photoplay": version("photoplay"), "host": socket.gethostname(), "card": given}

    async def load(self) -> AsyncGenerator[Loaded]:
        """Start the engine; the last thing told is what it can, or why it did not start."""
        starting = asyncio.create_task(self._engine.start())
        try:
            while not (await asyncio.wait([starting], timeout=self._beat))[0]:
                yield Heartbeat()
            await starting
        except WorkerLost as lost:
            yield EngineGone(str(lost), lost.guilty, lost.device)
        else:
            yield self._engine.capabilities
        finally:
            starting.cancel()

    async def warm(self) -> bool:
        return self._engine.ready

    async def animate(self, wanted: Animation, files: Files) -> AsyncGenerator[Told]:
        """Reports, with a sign of life in between, until there is a clip or none."""
        key = (wanted.job, wanted.attempt)
        told: asyncio.Queue[Told] = asyncio.Queue()
        making = self._making[key] = asyncio.create_task(self._make(wanted, files, told))
        making.add_done_callback(lambda task: _tell_end(task, told))
        ended = False
        try:
            while not ended:
                report = await self._next(told)
                ended = isinstance(report, Arrived | Failed | Cancelled | EngineGone)
                yield report
        finally:
            del self._making[key]
            making.cancel()

    async def cancel(self, job: str, attempt: int) -> bool:
        """Within one step; false where it is not being made: it may be on its way here."""
        if making := self._making.get((job, attempt)):
            making.cancel()
        return making is not None

    async def _next(self, told: asyncio.Queue[Told]) -> Told:
        try:
            return await asyncio.wait_for(told.get(), self._beat)
        except TimeoutError:
            return Heartbeat()

    async def _make(self, wanted: Animation, files: Files, told: asyncio.Queue[Told]) -> None:
        with laid_down(wanted, files, self._inputs, self._clips) as animation:
            async with aclosing(self._engine.animate(animation)) as reports:
                async for report in reports:
                    if isinstance(report, Done):
                        arrived = sent(report, animation)
                        told.put_nowait(Arriving(len(arrived.video)))
                        told.put_nowait(arrived)
                    else:
                        told.put_nowait(report)


def _tell_end(making: asyncio.Task[None], told: asyncio.Queue[Told]) -> None:
    """Also of what was cancelled before it began; after a clip nobody listens."""
    if making.cancelled():
        told.put_nowait(Cancelled())
        return
    match making.exception():
        case None:
            return
        case WorkerLost() as lost:
            told.put_nowait(EngineGone(str(lost), lost.guilty, lost.device))
        case OSError() as error:
            told.put_nowait(failed(encoding_failure(str(error))))
        case error:
            told.put_nowait(EngineGone(f"{type(error).__name__}: {error}"))
