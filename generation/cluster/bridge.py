"""A process between the bot and a cluster: the engine's protocol on this side, Ray on the other.

`python -m generation.cluster.bridge SPEC`. Ray ends the process that joined a cluster when the head
is gone, whatever it is doing: so that is never the bot.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any, BinaryIO, NoReturn

from generation.cluster.card import ClusterCard, Tell
from generation.cluster.ray_cluster import AWAY, NoCluster, Node, RayCluster
from generation.cluster.spec import ClusterSpec, parse_cluster
from generation.engine.cards import CardState, EngineStatus
from generation.engine.host import protocol_stdout
from generation.engine.protocol import Animation, Capabilities, Crashed
from generation.engine.wire import (
    Animate,
    Cancel,
    Cards,
    Command,
    Drain,
    Garbled,
    JobReport,
    LastWords,
    Message,
    Ready,
    parse_command,
    write_message,
)

FAREWELL = 8.0
"""Seconds to leave the cluster; it notices by itself who does not."""

HEAD_SILENCE = 15.0
"""Seconds for the head to say who is in the cluster."""

NOT_JOINED = (
    "The cluster at {address} takes connections, but for {seconds:.0f} seconds has not let this"
    " machine in: is it the port of Ray's head, and does it still work?"
)

ALONE = "No machine of the cluster has a GPU."
NO_CARD = "no card of the cluster is free"

log = logging.getLogger("photoplay.cluster")


class CommandReader:
    """Reads stdin on a thread of its own from the first moment: joining a cluster can take long."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._loop: asyncio.AbstractEventLoop | None = None
        self._early: list[Command] = []
        self._lock = threading.Lock()
        self.queue: asyncio.Queue[Command | None] = asyncio.Queue()

    def start(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def listen(self) -> None:
        """From now on into the running loop's queue, with what has come before."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
            for command in self._early:
                self.queue.put_nowait(command)

    def _read(self) -> None:
        for line in self._stream:
            try:
                self._take(parse_command(line))
            except Garbled as error:
                log.error("%s", error)
        timer = threading.Timer(FAREWELL, os._exit, (0,))
        timer.daemon = True
        timer.start()
        self._take(None)

    def _take(self, command: Command | None) -> None:
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self.queue.put_nowait, command)
            elif command is None:  # the bot is gone, and nothing has begun
                os._exit(0)
            else:
                self._early.append(command)


class Bridge:
    """Keeps a `ClusterCard` for each card of each machine, and gives each job to a free one."""

    def __init__(
        self, spec: ClusterSpec, cluster: RayCluster, tell: Callable[[Message], None]
    ) -> None:
        self._spec = spec
        self._cluster = cluster
        self._tell = tell
        self._cards: dict[tuple[str, int], tuple[ClusterCard, asyncio.Task[None]]] = {}
        self._known = spec.card.known
        self._agreed = False
        self._drained: set[str] = set()
        self._told: tuple[Cards, Ready | None] = (Cards(()), None)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self, commands: asyncio.Queue[Command | None]) -> str | None:
        """Until there are no more commands, or why the cluster is lost."""
        watch = asyncio.create_task(self._watch())
        obey = asyncio.create_task(self._obey(commands))
        done, _ = await asyncio.wait({watch, obey}, return_when=asyncio.FIRST_COMPLETED)
        return watch.result() if watch in done else obey.result()

    async def _obey(self, commands: asyncio.Queue[Command | None]) -> None:
        while (command := await commands.get()) is not None:
            match command:
                case Animate(animation):
                    self._animate(animation)
                case Cancel(job, attempt):
                    tell = self._teller(job, attempt)
                    for card, _ in self._cards.values():
                        self._begin(card.cancel(job, attempt, tell))
                case Drain(card_name, drained):
                    (self._drained.add if drained else self._drained.discard)(card_name)
                    self._changed()

    def _teller(self, job: str, attempt: int) -> Tell:
        return lambda report: self._tell(JobReport(job, attempt, report))

    def _animate(self, animation: Animation) -> None:
        tell = self._teller(animation.job, animation.attempt)
        free = [card for card, _ in self._cards.values() if card.free]
        if not free:
            tell(Crashed(NO_CARD, guilty=False))
            return
        card = min(free, key=lambda one: len(one.state.jobs))  # rather one that encodes nothing
        self._begin(card.animate(animation, tell))

    async def _watch(self) -> str:
        """Cards come and go with their machines; the sentence that ends it is for the operator."""
        while True:
            try:
                async with asyncio.timeout(HEAD_SILENCE):
                    nodes = await asyncio.to_thread(self._cluster.nodes)
            except (TimeoutError, NoCluster):
                return AWAY
            self._fit(nodes)
            await asyncio.sleep(self._spec.rhythm.look)

    def _fit(self, nodes: list[Node]) -> None:
        wanted = {(node.id, number): node for node in nodes for number in range(node.cards)}
        for key in self._cards.keys() - wanted.keys():
            card, running = self._cards.pop(key)
            running.cancel()
            log.warning("%s has left", card.name)
        for key in wanted.keys() - self._cards.keys():
            node, number = wanted[key], key[1]
            card = ClusterCard(self._cluster, node, number, self._spec, self._changed, self._serves)
            self._cards[key] = card, self._begin(card.run())
        self._changed()

    def _serves(self, known: Capabilities) -> bool:
        """The first card says what all of them make: one engine can promise only one thing."""
        others = any(card.serving for card, _ in self._cards.values())
        if not self._agreed or not others:
            self._known, self._agreed = known, True
        return known == self._known

    def _changed(self) -> None:
        """Tell what is other than before."""
        cards = [card for card, _ in self._cards.values()]
        for card in cards:
            card.drained = card.name in self._drained
        states = tuple(sorted((card.state for card in cards), key=lambda one: one.name))
        if not states:
            states = (CardState(self._spec.name, EngineStatus.OUT, ALONE),)
        told, ready = self._told
        if Cards(states) != told:
            self._tell(told := Cards(states))
        if ready is not None or all(card.tried for card in cards) or any(c.serving for c in cards):
            capacity = sum(card.serving for card in cards)
            if Ready(self._known, capacity) != ready:
                self._tell(ready := Ready(self._known, capacity))
        self._told = told, ready

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ends)
        return task

    def _ends(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a defect in the bridge", exc_info=error)
            os._exit(1)  # the bot starts it anew; half a bridge would lose jobs


def main() -> None:
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    spec, messages = parse_cluster(sys.argv[1]), protocol_stdout()
    commands = CommandReader(sys.stdin.buffer)
    commands.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # ray ends its processes with it
    signal.signal(signal.SIGTERM, lambda *_: None)
    told = NOT_JOINED.format(address=spec.address, seconds=spec.rhythm.join)
    limit = threading.Timer(spec.rhythm.join, _give_up, (messages, told))
    limit.daemon = True
    limit.start()
    try:
        cluster = RayCluster(spec.address, spec.cards)
    except NoCluster as error:
        if error.__cause__ is not None:
            log.error("%s", error.__cause__)
        _give_up(messages, str(error))
    limit.cancel()
    asyncio.run(_serve(spec, cluster, commands, messages))
    cluster.leave()
    os._exit(0)


async def _serve(
    spec: ClusterSpec, cluster: RayCluster, commands: CommandReader, messages: BinaryIO
) -> None:
    commands.listen()
    bridge = Bridge(spec, cluster, lambda message: write_message(messages, message))
    lost = await bridge.run(commands.queue)
    if lost is not None:
        _give_up(messages, lost)


def _give_up(messages: BinaryIO, told: str) -> NoReturn:
    """At once: a farewell to who does not answer would take minutes."""
    write_message(messages, LastWords(told))
    os._exit(1)


if __name__ == "__main__":
    main()
