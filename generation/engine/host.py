"""The child's side of an engine: one warm pipeline, commands on stdin, reports on stdout."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import BinaryIO

from generation.engine.memory import out_of_memory
from generation.engine.pipeline import DeviceLost, Interrupted, Pipeline
from generation.engine.protocol import Animation, Crashed, Heartbeat, Report
from generation.engine.stage import EncodingStage, Ending
from generation.engine.wire import (
    Animate,
    Cancel,
    Drain,
    Garbled,
    JobReport,
    LastWords,
    Loading,
    Message,
    Ready,
    parse_command,
    write_message,
)
from generation.errors import GenerationFailed, Misconfigured, OutOfMemory
from generation.events import Failed, PhaseName
from generation.media.provenance import Signer

HEARTBEAT = 2.0
"""Seconds between two signs of life of a working child."""

WINDING_DOWN = 0.05
"""Seconds between two looks whether the last clip is written."""

log = logging.getLogger("photoplay.engine")


class Host:
    """Renders one job at a time on the calling thread while the one before is still encoded."""

    def __init__(
        self,
        pipeline: Pipeline,
        commands: BinaryIO,
        messages: BinaryIO,
        signer: Signer | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._signer = signer
        self._commands = commands
        self._messages = messages
        self._writing = threading.Lock()
        self._waiting: SimpleQueue[Animation | None] = SimpleQueue()
        self._stages: dict[tuple[str, int], EncodingStage] = {}
        self._encoding: set[tuple[str, int]] = set()
        self._spent = False

    def run(self) -> None:
        """Serve until stdin ends, or memory or device are lost: then a fresh process has to go on.

        The reader starts first, so that a killed bot ends a load too.
        """
        threading.Thread(target=self._read_commands, daemon=True).start()
        self._load()
        self._write(Ready(self._pipeline.capabilities, capacity=1))
        threading.Thread(target=self._beat, daemon=True).start()
        while not self._spent:
            animation = self._waiting.get()
            if animation is not None:
                self._render(animation)
        while self._encoding:  # clips of earlier jobs; who waits is made by the next process
            time.sleep(WINDING_DOWN)

    def _load(self) -> None:
        """Whoever started this process hears why there is none. Raises what `load` raises."""
        try:
            self._pipeline.load(lambda *part: self._write(Loading(*part)))
        except (Misconfigured, DeviceLost) as error:
            self._write(LastWords(str(error)))
            raise
        except Exception as error:
            first = str(error).strip().partition("\n")[0]
            self._write(LastWords(f"{type(error).__name__}: {first}"))
            raise

    def _read_commands(self) -> None:
        for line in self._commands:
            try:
                command = parse_command(line)
            except Garbled as error:
                log.error("%s", error)
                continue
            match command:
                case Animate(animation):
                    key = (animation.job, animation.attempt)
                    self._stages[key] = self._stage(animation)
                    self._waiting.put(animation)
                case Cancel(job, attempt):
                    if stage := self._stages.get((job, attempt)):
                        stage.interrupt()
                case Drain(card):
                    log.error("there is no card %s to choose here", card)
        os._exit(0)  # the bot is gone: nothing may stay in the GPU's memory

    def _render(self, animation: Animation) -> None:
        stage = self._stages[animation.job, animation.attempt]
        outcome: Ending
        try:
            stage.phase(PhaseName.PREPARE)
            self._pipeline.render(animation, stage)
            stage.phase(PhaseName.ENCODE)
        except Interrupted:
            outcome = stage.ended()
        except GenerationFailed as error:
            outcome = Failed(error.code, error.reason, error.facts)
        except DeviceLost as error:  # without an outcome: the job goes back, and no other fails
            log.error("%s", error)
            self._spent = True
            stage.abort()
            self._write(LastWords(str(error), device=True))
            del self._stages[animation.job, animation.attempt]
            return
        except Exception as error:  # a defect in a model's code must not end the next job with it
            log.exception("the pipeline failed")
            outcome = out_of_memory(error) or Failed("generation_failed", "engine_defect")
        else:
            self._encoding.add((animation.job, animation.attempt))
            stage.finish(then=self._end)
            return
        stage.abort()
        self._end(animation, outcome)

    def _end(self, animation: Animation, outcome: Ending) -> None:
        key = (animation.job, animation.attempt)
        if isinstance(outcome, Failed) and outcome.code == OutOfMemory.code:
            self._spent = True
            self._waiting.put(None)  # the clip may have been written while nobody renders
        del self._stages[key]
        self._teller(animation)(outcome)
        self._encoding.discard(key)

    def _stage(self, animation: Animation) -> EncodingStage:
        pipeline = self._pipeline
        tell = self._teller(animation)
        capabilities, source = pipeline.capabilities, pipeline.source
        return EncodingStage(animation, capabilities, source, tell, self._signer)

    def _teller(self, animation: Animation) -> Callable[[Report | Crashed], None]:
        return lambda report: self._write(JobReport(animation.job, animation.attempt, report))

    def _beat(self) -> None:
        while True:
            time.sleep(HEARTBEAT)
            for job, attempt in list(self._stages):
                self._write(JobReport(job, attempt, Heartbeat()))

    def _write(self, message: Message) -> None:
        with self._writing:
            write_message(self._messages, message)


def protocol_stdout() -> BinaryIO:
    """Keep the real stdout for the protocol and point fd 1 at stderr: a library may print."""
    real = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(real, "wb")
