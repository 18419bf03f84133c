"""The host of a card in this process: what a cluster does between it and the bridge is left out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from generation.cluster.card_host import CardHost
from generation.cluster.ray_cluster import Node
from generation.cluster.spec import CardSpec


class Remote:
    """A method of the host as a handle has it; `road` is what a call has to pass first."""

    def __init__(self, method: Callable[..., Any], road: asyncio.Event | None = None) -> None:
        self._method = method
        self._road = road

    def remote(self, *given: Any) -> Any:
        called = self._method(*given)
        if not isinstance(called, AsyncGenerator):
            return called
        told: asyncio.Queue[Any] = asyncio.Queue()
        self._running = asyncio.create_task(self._run(called, told))
        return _heard(told)

    async def _run(self, stream: AsyncGenerator[Any], told: asyncio.Queue[Any]) -> None:
        """To its end, whether anybody still listens or not: as with Ray."""
        if self._road is not None:
            await self._road.wait()
        async for one in stream:
            told.put_nowait(one)
        told.put_nowait(None)


async def _heard(told: asyncio.Queue[Any]) -> AsyncGenerator[Awaitable[Any]]:
    while (one := await told.get()) is not None:
        yield asyncio.sleep(0, one)


class NearbyHost:
    """Closed `road`: jobs stay on their way, as those do whose pictures travel."""

    def __init__(self, host: CardHost, road: asyncio.Event) -> None:
        self.host = host
        self.facts, self.load, self.warm = Remote(host.facts), Remote(host.load), Remote(host.warm)
        self.animate, self.cancel = Remote(host.animate, road), Remote(host.cancel)


class NearbyCluster:
    """Places hosts in this process; `hosts` are all that ever were."""

    def __init__(self) -> None:
        self.road = asyncio.Event()
        self.road.set()
        self.hosts: list[NearbyHost] = []

    def host(self, node: Node, spec: CardSpec, beat: float) -> NearbyHost:
        self.hosts.append(NearbyHost(CardHost(spec.to_json(), beat), self.road))
        return self.hosts[-1]

    def end(self, host: NearbyHost) -> None:
        """It ends with its engine, which the test closes."""

    async def close(self) -> None:
        for one in self.hosts:
            await one.host._engine.close()
