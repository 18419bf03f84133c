"""What is done to the bot, its engine, its encoders and its decoders, at a moment of chance."""

from __future__ import annotations

import random
import signal
import time
from contextlib import suppress
from enum import StrEnum

import psutil

from tests.fakes.program.process import Program

STOPPED_FOR = 0.3
"""Seconds that something stopped stays so: shorter than any deadline, longer than any write."""


class Victim(StrEnum):
    BOT = "bot"
    ENGINE = "generation.child"
    ENCODER = "ffmpeg"
    DECODER = "generation.images.decoder"


class Harm:
    """Counts what it did, by `random`: the same seed begins the same way."""

    def __init__(self, program: Program, random: random.Random) -> None:
        self.done: list[str] = []
        self._program = program
        self._random = random

    def something(self) -> None:
        """Send one signal to somebody; who is not there is spared."""
        victim = self._random.choices(list(Victim), weights=[2, 3, 3, 2])[0]
        number = self._random.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
        self._random.shuffle(found := [one for one in self.family() if _is(victim, one)])
        if victim is Victim.BOT:
            self.done.append(f"{number.name} {victim.name}")
            self._bot(number)
        elif found:
            self.done.append(f"{number.name} {victim.name}")
            self._child(found[0], number)

    def family(self) -> list[psutil.Process]:
        """The bot's children and theirs."""
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self._program.pid).children(recursive=True)
        return []

    def _bot(self, number: signal.Signals) -> None:
        if number is signal.SIGSTOP:
            self._program.send(number)
            time.sleep(STOPPED_FOR)
            self._program.send(signal.SIGCONT)
            return
        family = self.family()
        if number is signal.SIGKILL:
            self._program.kill()
        else:
            self._terminate()
        _, alive = psutil.wait_procs(family, timeout=60)
        assert alive == [], f"they outlive the bot: {alive}"
        self._program.start()

    def _terminate(self) -> None:
        """Sometimes a second one, which ends the grace."""
        if self._random.random() < 0.5:
            self._program.send(signal.SIGTERM)
            time.sleep(self._random.random() * 0.2)
        assert self._program.stop() == 0

    @staticmethod
    def _child(child: psutil.Process, number: signal.Signals) -> None:
        with suppress(psutil.NoSuchProcess):
            child.send_signal(number)
            if number is signal.SIGSTOP:
                time.sleep(STOPPED_FOR)
                child.send_signal(signal.SIGCONT)


def _is(victim: Victim, process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return any(victim.value in part for part in process.cmdline())
    return False
