"""One card of the cluster as the bridge keeps it: placed, loaded, given jobs, placed anew."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import suppress
from typing import Any

from generation.cluster.cargo import Arrived, Arriving, EngineGone, Loaded, Told, packed, placed
from generation.cluster.ray_cluster import CardLost, Node, RayCluster, answered, heard
from generation.cluster.spec import ClusterSpec
from generation.engine.cards import CardState, EngineStatus
from generation.engine.protocol import (
    Accepted,
    Animation,
    Capabilities,
    Crashed,
    Heartbeat,
    OnCard,
    Phase,
    Preview,
    Report,
    Step,
)
from generation.events import Cancelled, Failed, PhaseName
from generation.notes import Note

AFTER_LOSS = 30.0
"""Seconds before a card is tried again that its driver has lost."""

DEFECTS = 3
"""Failures in a row, without a clip between, after which it is the card and not the pictures."""

STOOD = 60.0
"""Seconds of service, or a clip, after which it is tried again as soon as at first."""

SLOWEST = 125_000
"""Bytes a second over which pictures and clips may travel, as through a poor uplink at home."""

AGAIN = 0.1
"""Seconds until a job on its way is told again that it was cancelled."""

NOT_PLACED = (
    "it has taken no work for {seconds:.0f} seconds: another program of the cluster has its GPU, or"
    " the machine starts no process"
)
GONE = "it has left"
NO_ROOM = "the disk of its machine is full"

log = logging.getLogger("photoplay.cluster")

Tell = Callable[[Report | Crashed], None]


class ClusterCard:
    """`changed` is called whenever there is something to tell of it; `serves` with what its engine
    can says whether that is what the others can.
    """

    def __init__(
        self,
        cluster: RayCluster,
        node: Node,
        number: int,
        spec: ClusterSpec,
        changed: Callable[[], None],
        serves: Callable[[Capabilities], bool],
    ) -> None:
        self._cluster, self._node, self._spec = cluster, node, spec
        self._changed, self._serves = changed, serves
        self._rhythm = spec.rhythm
        self._host: Any = None
        self._warm = False
        self._reason: str | None = None
        self._lost: CardLost | None = None
        self._look = asyncio.Event()
        self._phases: dict[tuple[str, int], PhaseName] = {}
        self._given_up: set[tuple[str, int]] = set()
        self._defects = 0
        self._proved = False
        self.drained = False
        self._number = number
        self.name = self._named(str(number))

    @property
    def tried(self) -> bool:
        """Whether it serves, or is known not to."""
        return self._warm or self._reason is not None

    @property
    def serving(self) -> bool:
        return self._warm and not self.drained and not self._given_up

    @property
    def free(self) -> bool:
        """While its last job is only encoded the next one may come."""
        return self.serving and all(one is PhaseName.ENCODE for one in self._phases.values())

    @property
    def state(self) -> CardState:
        jobs = tuple(job for job, attempt in self._phases if (job, attempt) not in self._given_up)
        return CardState(self.name, self._status, self._reason, jobs)

    @property
    def _status(self) -> EngineStatus:
        if self._reason is not None:
            return EngineStatus.OUT
        if self.drained:
            return EngineStatus.DRAINING
        if not self._warm:
            return EngineStatus.STARTING
        return EngineStatus.WORKING if self._phases else EngineStatus.IDLE

    async def run(self) -> None:
        """For as long as its machine is in the cluster."""
        pause, now = self._rhythm.first_pause, asyncio.get_running_loop().time
        while True:
            began = math.inf
            try:
                await self._begin()
                began = now()
                await self._watch()
            except CardLost as lost:
                if self._proved or now() - began >= STOOD:
                    pause = self._rhythm.first_pause
                pause, self._proved = max(pause, lost.pause or 0.0), False
                self._reason = str(lost)
                log.error("%s is out: %s", self.name, lost)
            finally:
                self._drop()
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._rhythm.longest_pause)

    def animate(self, animation: Animation, tell: Tell) -> Coroutine[Any, Any, None]:
        """From this moment it has the job, whenever what is returned gets to run: that reports
        until there is an outcome, or `Crashed` where there is none.
        """
        self._phases[animation.job, animation.attempt] = PhaseName.PREPARE
        tell(OnCard(self.name))
        self._changed()
        return self._reported(animation, tell)

    async def _reported(self, animation: Animation, tell: Tell) -> None:
        key = (animation.job, animation.attempt)
        try:
            ending = await self._outcome(animation, tell)
        except CardLost as lost:
            self._fail(lost)
            ending = Crashed(f"{self.name}: {lost}", guilty=lost.guilty)
        finally:
            del self._phases[key]
            told = key in self._given_up
            self._given_up.discard(key)
            if not self._warm:
                self._look.set()
            self._changed()  # before the ending: a next job has to know how many cards are left
        if not told:
            tell(ending)

    async def cancel(self, job: str, attempt: int, tell: Tell) -> None:
        """Asked until it has got there: a job with its pictures may be overtaken on its way.

        Nobody waits for that, but until then the card has no place. What the host makes already
        ends with its own reports; a host that does not answer is given up by them.
        """
        key = (job, attempt)
        with suppress(CardLost):
            while key in self._phases and (host := self._host) is not None:
                if await answered(host.cancel.remote(job, attempt), self._rhythm.silence):
                    return
                if key in self._phases and key not in self._given_up:
                    self._given_up.add(key)
                    self._changed()
                    tell(Cancelled())
                await asyncio.sleep(AGAIN)

    async def _outcome(self, animation: Animation, tell: Tell) -> Report | Crashed:
        files = await asyncio.to_thread(packed, animation)
        if (host := self._host) is None:
            raise self._lost or CardLost(GONE)
        allowed = self._allowed(sum(len(one) for one in files.values()))
        stream: AsyncGenerator[Told] = heard(host.animate.remote(animation, files), lambda: allowed)
        async for told in stream:
            allowed = self._allowed(told.size if isinstance(told, Arriving) else 0)
            match told:
                case Arrived():
                    self._defects, self._proved = 0, True
                    signer = self._spec.signer
                    return await asyncio.to_thread(placed, told, animation, signer)
                case EngineGone(reason, guilty, device):
                    return self._engine_gone(reason, guilty=guilty, device=device)
                case Failed(code="disk_full"):  # its own: the bot's machine may have room
                    self._fail(CardLost(NO_ROOM, pause=AFTER_LOSS))
                    return Crashed(f"{self.name}: {NO_ROOM}", guilty=False)
                case Failed() | Cancelled():
                    self._count(told)
                    return told
                case Phase(name):
                    tell(told)
                    self._phases[animation.job, animation.attempt] = name
                    self._changed()
                case Heartbeat() | Step() | Preview() | Note() | Accepted() | OnCard():
                    tell(told)
                case Arriving():
                    tell(Heartbeat())
        raise CardLost("it ended without an outcome")

    def _allowed(self, travels: int) -> float:
        """Seconds of silence, with so many bytes on the way."""
        return self._rhythm.silence + travels / SLOWEST

    def _engine_gone(self, reason: str, *, guilty: bool, device: bool) -> Crashed:
        """The host starts the next one; of a lost device it could not."""
        if device:
            self._fail(CardLost(reason, pause=AFTER_LOSS))
        self._warm = False
        self._look.set()
        return Crashed(f"{self.name}: {reason}", guilty=guilty and not device)

    def _count(self, ending: Failed | Cancelled) -> None:
        if isinstance(ending, Failed) and ending.reason == "engine_defect":
            self._defects += 1
            if self._defects >= DEFECTS:
                self._defects = 0
                self._fail(CardLost(f"{DEFECTS} clips in a row failed", pause=AFTER_LOSS))

    async def _begin(self) -> None:
        """Place a host and load its engine. Raises `CardLost`."""
        self._lost = None
        self._host = self._cluster.host(self._node, self._spec.card, self._rhythm.beat)
        facts = await answered(self._host.facts.remote(), self._rhythm.placing, NOT_PLACED)
        if (there := facts["photoplay"]) != (here := self._spec.card.photoplay):
            raise CardLost(f"it has photoplay {there}, and here it is {here}: install the same")
        self.name = self._named(facts["card"].partition(",")[0] or str(self._number))
        await self._load()

    async def _load(self) -> None:
        stream: AsyncGenerator[Loaded] = heard(
            self._host.load.remote(), lambda: self._rhythm.silence
        )
        async for told in stream:
            match told:
                case Heartbeat():
                    continue
                case EngineGone(reason):
                    raise CardLost(reason)
                case Capabilities():
                    if not self._serves(told):
                        raise CardLost(
                            f"it would make clips with {told.model} and not as the others do: name"
                            " engine.model, and have the same weights everywhere"
                        )
                    self._warm, self._reason = True, None
                    self._changed()

    async def _watch(self) -> None:
        """Until it is lost, which it raises; an engine that has ended is started again."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._rhythm.ping):
                    await self._look.wait()
            self._look.clear()
            if self._lost is not None:
                raise self._lost
            self._warm = await answered(self._host.warm.remote(), self._rhythm.silence)
            if not self._warm and not self._phases:
                self._changed()
                await self._load()

    def _fail(self, lost: CardLost) -> None:
        self._warm = False
        self._lost = self._lost or lost
        self._look.set()

    def _drop(self) -> None:
        host, self._host = self._host, None
        self._warm = False
        if host is not None:
            asyncio.get_running_loop().run_in_executor(None, self._cluster.end, host)
        self._changed()

    def _named(self, device: str) -> str:
        return f"{self._node.address}/{self._spec.card.device}:{device}"
