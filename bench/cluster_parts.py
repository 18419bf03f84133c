"""An engine that makes nothing, for `bench/cluster.py`.

`python -m bench.cluster_parts` is its process. A job's prompt says how many seconds it
takes, how many steps, and how many bytes its clip has.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from generation.engine.cards import CardState
from generation.engine.host import protocol_stdout
from generation.engine.protocol import Animation, Capabilities, Done, Phase, Preview, Report, Step
from generation.engine.wire import Animate, JobReport, Ready, parse_command, write_message
from generation.events import PhaseName
from generation.jobs import AnimationRequest, Clip

SIMULATED = Capabilities("simulated", "simulated", frozenset(), frozenset(), frozenset())


def request_of(seconds: float, steps: int, size: int) -> AnimationRequest:
    return AnimationRequest(f"{seconds} {steps} {size}", "photo.png", 64, 64, 9, 24, seed=7)


def left_by(animation: Animation, size: int) -> Clip:
    animation.clip.write_bytes(bytes(size))
    animation.thumbnail.write_bytes(b"a thumbnail")
    return Clip(animation.clip, 64, 64, 9, 24, 7, size)


class SimulatedCards:
    """So many cards in this very process: what is left is the queue's own work."""

    name = "simulated"
    capabilities = SIMULATED
    cards: tuple[CardState, ...] = ()

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.changed = asyncio.Event()
        self.ready = False

    async def start(self) -> None:
        self.ready = True

    async def animate(self, animation: Animation) -> AsyncGenerator[Report]:
        seconds, steps, size = animation.request.prompt.split()
        yield Phase(PhaseName.STEP)
        for index in range(int(steps)):
            await asyncio.sleep(float(seconds) / int(steps))
            yield Step(index + 1, int(steps))
        yield Done(left_by(animation, int(size)))

    def drain(self, card: str, *, drained: bool) -> None:
        """It has no names for its cards."""

    def leave(self) -> None:
        return

    async def close(self) -> None:
        self.ready = False


def main() -> None:
    messages = protocol_stdout()
    write_message(messages, Ready(SIMULATED, capacity=1))
    for line in sys.stdin.buffer:
        command = parse_command(line)
        if not isinstance(command, Animate):
            continue
        animation = command.animation
        key = animation.job, animation.attempt
        seconds, steps, size = animation.request.prompt.split()
        write_message(messages, JobReport(*key, Phase(PhaseName.STEP)))
        for index in range(int(steps)):
            time.sleep(float(seconds) / int(steps))
            told = f"{time.monotonic()}".encode()
            write_message(messages, JobReport(*key, Preview(told)))
            write_message(messages, JobReport(*key, Step(index + 1, int(steps))))
        write_message(messages, JobReport(*key, Phase(PhaseName.ENCODE)))
        write_message(messages, JobReport(*key, Done(left_by(animation, int(size)))))


def photo(folder: Path) -> Path:
    picture = folder / "photo.png"
    picture.write_bytes(b"a picture")
    return picture


if __name__ == "__main__":
    main()
