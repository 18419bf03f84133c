"""The GPUs of this machine: asked of the driver, and of torch in a process of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from generation.pipelines.ltx.cuda import Cuda, parse

DRIVER, TORCH = 20.0, 120.0
"""Seconds that the driver's tool and torch may take to answer."""

SAID_MEMORY = re.compile(r", (\d+) MiB$")


@dataclass(frozen=True, slots=True)
class Machine:
    """`names` as the driver says them, one a GPU, and what torch can use of them.

    Without a GPU nobody asks torch, which takes seconds: `cuda` is empty then.
    """

    names: tuple[str, ...] = ()
    cuda: Cuda = field(default_factory=Cuda)

    @property
    def memory(self) -> int:
        """Bytes of the smallest card: as torch counts them, or else the driver; 0 without one."""
        said = (SAID_MEMORY.search(name) for name in self.names)
        known = [card.memory for card in self.cuda.cards]
        return min(known or [int(one[1]) * 2**20 for one in said if one], default=0)


def examine(environment: Mapping[str, str], *, with_torch: bool) -> Machine:
    names = tuple(_of_driver())
    if not names or not with_torch:
        return Machine(names)
    return Machine(names, _of_torch(environment))


def _of_driver() -> list[str]:
    """The names of the NVIDIA GPUs whose driver answers."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=DRIVER)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return answer.stdout.strip().splitlines() if answer.returncode == 0 else []


def _of_torch(environment: Mapping[str, str]) -> Cuda:
    """In a process of its own: the bot loads no torch, and a broken driver may hang or crash it."""
    command = [sys.executable, "-P", "-m", "generation.pipelines.ltx.cuda_probe"]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=TORCH, env=dict(environment))
    except (OSError, subprocess.TimeoutExpired):
        return Cuda(problem="torch does not answer when it is asked for GPUs: restart the driver.")
    try:
        return parse(answer.stdout)
    except ValueError:
        last = (answer.stderr.decode(errors="replace").strip().splitlines() or [""])[-1]
        return Cuda(problem=f"torch breaks down when it is asked for GPUs: {last[:300]}")
