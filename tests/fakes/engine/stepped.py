"""An engine that the test plays by hand: nothing happens until the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

from generation.directions.vocabulary import Effect, Motion
from generation.engine.cards import CardState
from generation.engine.protocol import Animation, Capabilities, Done, Report, WorkerLost
from generation.events import Cancelled, Failed
from generation.jobs import Clip

STEPPED = Capabilities("stepped", "stepped", frozenset(Motion), frozenset(Effect), frozenset())


class SteppedEngine:
    """`begun` hands out the animations as they start; `tell` and `lose` end or advance them."""

    def __init__(
        self,
        *,
        capacity: int = 1,
        failing_starts: int = 0,
        why: WorkerLost | None = None,
        reluctant: bool = False,
        name: str = "stepped",
        capabilities: Capabilities = STEPPED,
    ) -> None:
        self.name = name
        self.changed = asyncio.Event()
        self.capabilities = capabilities
        self.capacity = capacity
        self.ready = False
        self.cards: tuple[CardState, ...] = ()
        self.drains: list[tuple[str, bool]] = []
        self.starts = 0
        self.begun: asyncio.Queue[Animation] = asyncio.Queue()
        self.cancelled: list[str] = []
        self.left = False
        self.relent = asyncio.Event()
        self._failing_starts = failing_starts
        self._why = why or WorkerLost("it does not start", guilty=False)
        self._reluctant = reluctant
        self._reports: dict[str, asyncio.Queue[Report | WorkerLost]] = {}

    async def start(self) -> None:
        self.starts += 1
        await asyncio.sleep(0)
        if self.starts <= self._failing_starts:
            raise self._why
        self.ready = True

    async def animate(self, animation: Animation) -> AsyncGenerator[Report]:
        reports = self._reports[animation.job] = asyncio.Queue()
        self.begun.put_nowait(animation)
        ended = False
        try:
            while not ended:
                report = await reports.get()
                if isinstance(report, WorkerLost):
                    ended = True
                    self.ready = False
                    raise report
                ended = isinstance(report, Done | Failed | Cancelled)
                yield report
        finally:
            if not ended:
                if self._reluctant:
                    await self.relent.wait()
                self.cancelled.append(animation.job)

    def drain(self, card: str, *, drained: bool) -> None:
        self.drains.append((card, drained))

    def leave(self) -> None:
        self.left = True

    async def close(self) -> None:
        self.ready = False

    def tell(self, animation: Animation, *reports: Report) -> None:
        for report in reports:
            self._reports[animation.job].put_nowait(report)

    def lose(self, animation: Animation, *, guilty: bool) -> None:
        self._reports[animation.job].put_nowait(WorkerLost("it died", guilty=guilty))

    def lose_device(self, animation: Animation) -> None:
        lost = WorkerLost("The GPU answers no more", guilty=True, device=True)
        self._reports[animation.job].put_nowait(lost)

    def finish(self, animation: Animation) -> None:
        self.tell(animation, Done(clip_of(animation)))


def clip_of(animation: Animation) -> Clip:
    """A clip as an engine would leave it, without an MP4 in it."""
    request = animation.request
    path = Path(animation.clip)
    path.write_bytes(b"clip")
    return Clip(
        path, request.width, request.height, request.num_frames, request.fps, request.seed, 4
    )
