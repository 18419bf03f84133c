"""When an engine told what: an engine that notes the moments, and what they amount to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from generation.engine.cards import CardState
from generation.engine.process import EngineProcess
from generation.engine.protocol import Animation, Capabilities, Phase, Report, Step
from generation.events import PhaseName


@dataclass
class Times:
    """Seconds for all clips; `gaps`: from a job's last step to the first step of the next one, and
    `handing`, the part of it between the end of one rendering and the beginning of the next.
    """

    seconds: float
    gaps: list[float] = field(default_factory=list)
    handing: list[float] = field(default_factory=list)
    second_takes: int = 0

    def a_minute(self, clips: int) -> float:
        return clips / self.seconds * 60


class TimedEngine:
    """The engine's process, with the moment at which each report came."""

    def __init__(self, process: EngineProcess) -> None:
        self._process = process
        self.told: list[tuple[float, Report]] = []

    @property
    def name(self) -> str:
        return self._process.name

    @property
    def changed(self) -> asyncio.Event:
        return self._process.changed

    @property
    def capabilities(self) -> Capabilities:
        return self._process.capabilities

    @property
    def capacity(self) -> int:
        return self._process.capacity

    @property
    def cards(self) -> tuple[CardState, ...]:
        return self._process.cards

    @property
    def ready(self) -> bool:
        return self._process.ready

    async def start(self) -> None:
        await self._process.start()

    def drain(self, card: str, *, drained: bool) -> None:
        self._process.drain(card, drained=drained)

    def leave(self) -> None:
        self._process.leave()

    async def close(self) -> None:
        await self._process.close()

    async def animate(self, animation: Animation) -> AsyncGenerator[Report]:
        async with aclosing(self._process.animate(animation)) as reports:
            async for report in reports:
                self.told.append((time.perf_counter(), report))
                yield report


def times_of(told: list[tuple[float, Report]], seconds: float, second_takes: int) -> Times:
    """One child renders one job at a time, so the reports of all jobs tell one story."""
    times = Times(seconds, second_takes=second_takes)
    last = freed = 0.0
    for at, report in told:
        match report:
            case Phase(PhaseName.ENCODE):
                freed = at
            case Phase(PhaseName.PREPARE) if freed:
                times.handing.append(at - freed)
                freed = 0.0
            case Step(1, _) if last:
                times.gaps.append(at - last)
            case Step(index, total) if index == total:
                last = at
            case _:
                pass
    return times
