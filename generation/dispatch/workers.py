"""The workers of all engines, which begin, stop and are interrupted together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from generation.dispatch.drained import Drained
from generation.dispatch.engine_state import AWAY, EngineState
from generation.dispatch.joiner import Joiner
from generation.dispatch.lanes import features, lane_of
from generation.dispatch.worker import Worker
from generation.engine.protocol import Engine
from generation.jobs import AnimationRequest
from generation.store.claims import Claimant, Lane

log = structlog.get_logger(__name__)


class Workers:
    """Each of `engines` has one worker; the first one is what people expect to be served by."""

    def __init__(self, engines: Sequence[Engine], drained: Drained) -> None:
        self._engines = engines
        self._drained = drained
        self._workers: Sequence[Worker] = ()
        self._joiner: Joiner | None = None

    def employ(self, workers: Sequence[Worker], joiner: Joiner) -> None:
        """Who works, once it is known what each may claim beside the others."""
        self._workers = workers
        self._joiner = joiner
        for worker in workers:
            if worker.state.name in self._drained:
                log.warning("engine_still_drained", engine=worker.state.name)
                worker.keeper.drain()
        for engine in self._engines:
            for name in self._drained.names:  # one of its cards, if it has one of that name
                engine.drain(name, drained=True)

    @property
    def engine(self) -> str:
        """What people expect to be served by."""
        return self._engines[0].capabilities.engine

    @property
    def ready(self) -> bool:
        """True once an engine is warm, and has a place."""
        return any(engine.ready and engine.capacity > 0 for engine in self._engines)

    @property
    def capacity(self) -> int:
        """Clips that are rendered side by side by the engines that serve or will in a moment."""
        return sum(state.capacity for state in self.states() if state.status not in AWAY)

    def states(self) -> list[EngineState]:
        return [state for worker in self._workers for state in worker.states]

    def lane(self, request: AnimationRequest) -> Lane:
        """Which of the engines a request waits for."""
        return lane_of(request, self._engines)

    def claimant(self, engine: Engine) -> Claimant:
        """What this engine may claim now, beside the others."""
        others = [one for one in self._engines if one is not engine]
        return Claimant(
            engine.name,
            engine.capabilities.engine,
            features(engine.capabilities),
            tuple({features(one.capabilities) for one in others}),
            frozenset(
                state.name
                for state in self.states()
                if state.name != engine.name and state.status not in AWAY
            ),
        )

    async def run(self) -> None:
        """Until `stop`, and then until what is being made has ended."""
        async with asyncio.TaskGroup() as tasks:
            for worker in self._all():
                tasks.create_task(worker.run())

    def stop(self) -> None:
        for worker in self._all():
            worker.stop()

    def _all(self) -> list[Worker | Joiner]:
        return [*self._workers, *([self._joiner] if self._joiner is not None else [])]

    def drain(self, name: str) -> bool:
        """Give one engine no more work until it is resumed, over restarts too.

        False where none has this name.
        """
        for worker in self._named(name):
            self._drained.add(name)
            worker.keeper.drain()
        return bool(self._named(name)) or self._of_card(name, drained=True)

    def resume(self, name: str) -> bool:
        """Give it work again, also one that was left out. False where none has this name."""
        for worker in self._named(name):
            self._drained.remove(name)
            worker.keeper.resume()
        return bool(self._named(name)) or self._of_card(name, drained=False)

    def _named(self, name: str) -> list[Worker]:
        return [worker for worker in self._workers if worker.state.name == name]

    def _of_card(self, name: str, *, drained: bool) -> bool:
        """The same of one card; its engine takes note."""
        having = [one for one in self._engines if name in (card.name for card in one.cards)]
        for engine in having:
            (self._drained.add if drained else self._drained.remove)(name)
            engine.drain(name, drained=drained)
        return bool(having)

    def interrupt(self, job_id: str) -> None:
        """End a job that was cancelled in the table, whoever makes it."""
        for worker in self._workers:
            worker.interrupt(job_id)

    def leave(self) -> None:
        """Whatever ends from now on is put back; what is made far away goes on there."""
        for engine in self._engines:
            engine.leave()

    async def close(self) -> None:
        """End every engine's processes."""
        for engine in self._engines:
            await engine.close()
