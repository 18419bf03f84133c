"""The only file that imports ray: joins a cluster, says who is in it, places a host on a card."""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import signal
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import ray
from ray.exceptions import OutOfMemoryError, RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from generation.cluster.card_host import CardHost
from generation.cluster.own_folder import own_folder
from generation.cluster.spec import LOCAL, CardSpec

Answer = TypeVar("Answer")

LOOPBACK = "127.0.0.2"
"""Of a cluster for tests; ray takes 127.0.0.1 for the address in the local network."""

STORE = 200 * 2**20
"""Bytes of shared memory for what travels in a cluster of one machine."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")

CONNECT = 5.0
"""Seconds for the head to take a connection."""

SILENT = "it has said nothing for {seconds:.0f} seconds"
NOT_THERE = "photoplay is not installed on this machine, or not in Ray's Python"

AWAY = "The cluster's head does not answer."


class NoCluster(Exception):
    """It cannot be joined, in a sentence for the operator."""


class CardLost(Exception):
    """Its host or machine is gone or silent; `guilty`: it may have been the job."""

    def __init__(self, reason: str, *, guilty: bool = False, pause: float | None = None) -> None:
        super().__init__(reason)
        self.guilty = guilty
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Node:
    """A machine of the cluster that has `cards`."""

    id: str
    address: str
    cards: int


class RayCluster:
    """Joined once in a process; `leave` ends everything that was placed."""

    def __init__(self, address: str, cards: int) -> None:
        self._folder = own_folder("photoplay-ray-") if address == LOCAL else None
        host = LOOPBACK if address == LOCAL else address.rpartition(":")[0].strip("[]")
        ours = _ours(host)
        here: dict[str, Any] = {} if ours is None else {"_node_ip_address": ours}
        own: dict[str, Any] = {
            "num_cpus": 1,
            "num_gpus": cards,
            "include_dashboard": False,
            "object_store_memory": STORE,
            "_temp_dir": str(self._folder),
        }
        if address != LOCAL and not _listens(address):  # Ray would look for it for a minute
            raise NoCluster(f"The cluster at {address} does not answer.")
        try:
            ray.init(
                address=address,
                log_to_driver=False,
                logging_level=logging.ERROR,
                **here,
                **(own if address == LOCAL else {}),
            )
        except (RuntimeError, ConnectionError, ValueError, RayError) as error:
            raise NoCluster(_why(error, address)) from error
        self._head = ray.get_runtime_context().gcs_address
        signal.signal(signal.SIGTERM, lambda *_: None)  # ray would end us: that is the bot's to say

    def nodes(self) -> list[Node]:
        """Those that are there and have cards. Blocks while the head does not answer.

        Raises `NoCluster`.
        """
        if not _listens(self._head):  # asked for nodes, Ray would hold this process for a minute
            raise NoCluster(AWAY)
        try:
            found = ray.nodes()
        except (RayError, OSError, RuntimeError, ValueError) as error:
            raise NoCluster(AWAY) from error
        counts = [(one, int(one["Resources"].get("GPU", 0))) for one in found if one["Alive"]]
        return [
            Node(one["NodeID"], one["NodeManagerAddress"], cards) for one, cards in counts if cards
        ]

    def host(self, node: Node, spec: CardSpec, beat: float) -> Any:
        """A handle to a new actor on a free card of this machine; nothing has been asked yet."""
        there = NodeAffinitySchedulingStrategy(node.id, soft=False)
        options: dict[str, Any] = {
            "num_gpus": 1,
            "num_cpus": 0,
            "max_restarts": 0,
            "max_task_retries": 0,
        }
        placed = ray.remote(CardHost).options(**options, scheduling_strategy=there)
        return placed.remote(spec.to_json(), beat)

    def end(self, host: Any) -> None:
        """The actor, with its engine, answers or not. Blocks while the head is away."""
        try:
            ray.kill(host, no_restart=True)
        except (RayError, ValueError):  # it has ended already
            return

    def leave(self) -> None:
        ray.shutdown()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


async def answered(asked: Awaitable[Answer], within: float, silent: str = SILENT) -> Answer:
    """Raises `CardLost`, of one that is `silent` with that sentence."""
    try:
        async with asyncio.timeout(within):
            return await asked
    except TimeoutError:
        raise CardLost(silent.format(seconds=within)) from None
    except RayError as error:
        raise _lost(error) from None


async def heard(stream: Any, silence: Callable[[], float]) -> AsyncGenerator[Any]:
    """What comes from a host one after the other. Raises `CardLost`."""
    while True:
        try:
            yield await answered(_next(stream), silence())
        except StopAsyncIteration:
            return


async def _next(stream: Any) -> Any:
    return await (await anext(stream))


def _lost(error: RayError) -> CardLost:
    text = COLOUR.sub("", str(error))
    if "No module named 'generation" in text or "metadata was found for photoplay" in text:
        return CardLost(NOT_THERE)
    lines = text.strip().splitlines() or [type(error).__name__]
    raised_there = isinstance(error, RayTaskError) or "creation task" in lines[0]
    told = lines[-1] if raised_there else lines[0]
    return CardLost(told.strip(), guilty=isinstance(error, OutOfMemoryError))


def _why(error: Exception, address: str) -> str:
    text = str(error)
    if "ersion mismatch" in text:
        told = " ".join(text.split())
        return f"The cluster and this machine have other versions of Ray or Python: {told}"
    first = text.strip().partition("\n")[0]
    return f"The cluster at {address} cannot be joined: {first}"


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), CONNECT).close()
    except OSError:
        return False
    return True


def _ours(host: str) -> str | None:
    """Its address, where it is this machine's: then it is the one to be known by."""
    try:
        family, kind, *_, where = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as one:
            one.bind(where)
    except OSError:
        return None
    return str(where[0])
