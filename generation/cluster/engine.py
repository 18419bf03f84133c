"""The bot's side of a cluster: a bridge, which is a process like any engine's."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress

from generation.cluster.spec import LOCAL, ClusterSpec
from generation.engine.process import EngineProcess
from generation.engine.protocol import ServerAway, WorkerLost
from generation.engine.wire import Drain, command_bytes
from generation.events import PhaseName

LOAD = 300.0
"""Seconds to join a cluster and place the first card, beyond what its engine may take."""

ALLOWED = 60.0
"""Seconds beyond a phase's deadline, which the card's machine keeps itself."""

CANCEL_GRACE = 25.0
"""Seconds; the bridge gives up a card that has been silent for 15."""

LOOK = 0.2
"""Seconds between two looks at what a bridge prints while it starts."""

KNOCK = 1.0
"""Seconds between two looks whether a head that was away takes connections again."""

ANSWER = 5.0
"""Seconds for it to take one."""

FAREWELL = 5.0
"""Seconds for the bridge to leave, so that a cluster of its own ends with it."""

REFUSED = "InvalidAuthToken"
"""What Ray prints of a token, and does not raise."""

NO_ENTRY = "The cluster refuses cluster.token: it is not RAY_AUTH_TOKEN of its machines."


class ClusterEngine(EngineProcess):
    """Many cards behind one process; each of `cards` is drained by its own name."""

    def __init__(self, spec: ClusterSpec, environment: Mapping[str, str]) -> None:
        due = {phase: seconds + ALLOWED for phase, seconds in spec.card.deadlines.items()}
        super().__init__(
            (sys.executable, "-P", "-m", "generation.cluster.bridge", spec.to_json()),
            name=spec.name,
            capabilities=spec.card.known,
            deadlines={**due, PhaseName.LOAD: due[PhaseName.LOAD] + LOAD},
            environment=environment,
            cancel_grace=CANCEL_GRACE,
        )
        self._address = spec.address
        self._drained: set[str] = set()

    async def start(self) -> None:
        """Join the cluster; it is asked on and on while it is away, and raises `ServerAway`."""
        refusal = asyncio.create_task(self._end_once_refused())
        try:
            await super().start()
        except WorkerLost as lost:
            if self._refused:
                raise ServerAway(NO_ENTRY) from None
            away = not await _listens(self._address)
            raise ServerAway(str(lost), self._until_it_listens if away else None) from None
        finally:
            refusal.cancel()
        for card in self._drained:
            self._say(Drain(card, drained=True))

    def drain(self, card: str, *, drained: bool) -> None:
        """Also over the bridge's next start."""
        (self._drained.add if drained else self._drained.discard)(card)
        self._say(Drain(card, drained))

    async def close(self) -> None:
        """A bridge that is asked ends its cluster with it; one that is killed would leave that."""
        child, self.cards = self._child, ()
        if child is not None and child.stdin is not None:
            child.stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL):
                    await child.wait()
        await super().close()

    async def _until_it_listens(self) -> None:
        while not await _listens(self._address):  # noqa: ASYNC110 (who comes back does not say so)
            await asyncio.sleep(KNOCK)

    @property
    def _refused(self) -> bool:
        return any(REFUSED in line for line in self._said)

    async def _end_once_refused(self) -> None:
        """Ray would try the same token for twenty seconds more."""
        while not self._refused or self._child is None:  # noqa: ASYNC110 (it only prints it)
            await asyncio.sleep(LOOK)
        with suppress(ProcessLookupError):
            self._child.kill()

    def _say(self, command: Drain) -> None:
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.write(command_bytes(command))

    def _blame(self, code: int) -> None:
        words = self._last_words.text if self._last_words else f"the bridge ended with {code}"
        for attempt in self._attempts.values():
            attempt.reports.put_nowait(WorkerLost(words, guilty=False))


async def _listens(address: str) -> bool:
    """Of a cluster of its own, always: it is there once it was started."""
    if address == LOCAL:
        return True
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(ANSWER):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port))
    except OSError:  # of which TimeoutError is one
        return False
    writer.close()
    return True
