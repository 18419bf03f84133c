"""Machines of a cluster, all on this one: each is what `ray start` starts, at its own address."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bot.runtime.cluster_choice import bridge_environment
from generation.cluster.own_folder import own_folder

TOKEN = "0123456789abcdef" * 4
START_LIMIT = 90.0
STORE = str(100 * 2**20)
ROOT = Path(__file__).parents[3]


def environment() -> dict[str, str]:
    """As an operator's unit has it."""
    told = bridge_environment(os.environ, TOKEN)
    return {**told, "RAY_gcs_rpc_server_reconnect_timeout_s": "20", "PYTHONPATH": str(ROOT)}


def free_port(address: str) -> int:
    with socket.socket() as one:
        one.bind((address, 0))
        port: int = one.getsockname()[1]
        return port


class RayNode:
    """One machine with so many pretended GPUs; started again it is another one for the cluster."""

    def __init__(self, address: str, gpus: int, head: str | None = None) -> None:
        self.address = address
        self.head = head or f"{address}:{free_port(address)}"
        self._gpus = gpus
        self._is_head = head is None
        self._folder = own_folder("photoplay-ray-")
        self._process: subprocess.Popen[bytes] | None = None
        self._known: dict[int, psutil.Process] = {}

    def start(self) -> None:
        """One after the other: two at once on one machine get into each other's way."""
        where = (
            ["--head", f"--port={self.head.rpartition(':')[2]}"]
            if self._is_head
            else [f"--address={self.head}"]
        )
        own = [f"--temp-dir={self._folder}", "--include-dashboard=false"] if self._is_head else []
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "ray.scripts.scripts", "start", *where, *own, "--block"),
                *(f"--node-ip-address={self.address}", f"--num-gpus={self._gpus}", "--num-cpus=1"),
                *(f"--object-store-memory={STORE}", "--disable-usage-stats"),
            ],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        printed, due = b"", time.monotonic() + START_LIMIT
        while b"--block" not in printed:
            line = self._process.stdout.readline()
            if not line or time.monotonic() > due:
                self.kill()
                raise AssertionError(f"no cluster: {printed.decode(errors='replace')[-2000:]}")
            printed += line

    @property
    def ended(self) -> bool:
        """Whether what a service manager watches has ended; of the rest it would make an end."""
        return self._process is None or self._process.poll() is not None

    def processes(self) -> list[psutil.Process]:
        """Everything that it has started, also what was handed on to another parent since."""
        with suppress(psutil.NoSuchProcess):
            if self._process is not None:
                top = psutil.Process(self._process.pid)
                for one in (top, *top.children(recursive=True)):
                    self._known[one.pid] = one
        return [one for one in self._known.values() if _lives(one)]

    def hosts(self) -> list[psutil.Process]:
        return [one for one in self.processes() if "ray::CardHost" in _named(one)]

    def engines(self) -> list[psutil.Process]:
        return [one for one in self.processes() if "tests.fakes.engine" in _named(one)]

    def signal(self, number: signal.Signals) -> None:
        for one in self.processes():
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)

    def kill(self) -> None:
        """All of it at once, as when the current is cut."""
        self.signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(30)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None
        psutil.wait_procs(list(self._known.values()), timeout=10)
        self._known.clear()
        shutil.rmtree(self._folder, ignore_errors=True)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _named(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@contextmanager
def ray_node(address: str, gpus: int, head: str | None = None) -> Iterator[RayNode]:
    node = RayNode(address, gpus, head)
    try:
        node.start()
        yield node
    finally:
        node.kill()
