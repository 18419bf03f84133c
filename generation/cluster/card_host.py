"""One card of a cluster, on its machine: an actor that keeps the ordinary engine's process there.

It imports no ray and runs no model: whatever ends the engine, this stays to tell of it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from importlib.metadata import version

from generation.cluster.cargo import Arrived, EngineGone, Files, Loaded, Told, sent, unpacked
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
        animation = unpacked(wanted, files, self._inputs, self._clips)
        told: asyncio.Queue[Told] = asyncio.Queue()
        key = (wanted.job, wanted.attempt)
        making = self._making[key] = asyncio.create_task(self._make(animation, told))
        ended = False
        try:
            while not ended:
                report = await self._next(told)
                ended = isinstance(report, Arrived | Failed | Cancelled | EngineGone)
                yield report
        finally:
            del self._making[key]
            making.cancel()
            shutil.rmtree(animation.image.parent, ignore_errors=True)
            for path in (animation.clip, animation.thumbnail):
                path.unlink(missing_ok=True)

    async def cancel(self, job: str, attempt: int) -> None:
        """Within one step; what has ended already stays as it is."""
        if making := self._making.get((job, attempt)):
            making.cancel()

    async def _next(self, told: asyncio.Queue[Told]) -> Told:
        try:
            return await asyncio.wait_for(told.get(), self._beat)
        except TimeoutError:
            return Heartbeat()

    async def _make(self, animation: Animation, told: asyncio.Queue[Told]) -> None:
        try:
            async with aclosing(self._engine.animate(animation)) as reports:
                async for report in reports:
                    told.put_nowait(sent(report, animation) if isinstance(report, Done) else report)
        except WorkerLost as lost:
            told.put_nowait(EngineGone(str(lost), lost.guilty, lost.device))
        except asyncio.CancelledError:
            told.put_nowait(Cancelled())
            raise
