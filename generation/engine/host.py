"""The child's side of an engine: one warm pipeline, commands on stdin, reports on stdout."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import BinaryIO

from generation.engine.pipeline import Interrupted, Pipeline
from generation.engine.protocol import (
    Animation,
    Failed,
    Heartbeat,
    Outcome,
    PhaseName,
    Report,
)
from generation.engine.stage import EncodingStage
from generation.engine.wire import (
    Animate,
    Cancel,
    Garbled,
    Message,
    Ready,
    Told,
    example_command,
    parse_command,
    write_message,
)
from generation.errors import GenerationFailed, Misconfigured, OutOfMemory
from generation.media.provenance import Signer, parse_signer

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
        self._waiting: SimpleQueue[Animation] = SimpleQueue()
        self._stages: dict[tuple[str, int], EncodingStage] = {}
        self._encoding: set[tuple[str, int]] = set()
        self._spent = False

    def run(self) -> None:
        """Serve until stdin ends or the memory has run out: then a fresh process has to go on.

        The reader starts first, so that a killed bot ends a load too.
        """
        threading.Thread(target=self._read_commands, daemon=True).start()
        self._pipeline.load()
        self._write(Ready(self._pipeline.capabilities, capacity=1))
        threading.Thread(target=self._beat, daemon=True).start()
        while not self._spent:
            self._render(self._waiting.get())
        while self._encoding:  # clips of earlier jobs; who waits is made by the next process
            time.sleep(WINDING_DOWN)

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
        os._exit(0)  # the bot is gone: nothing may stay in the GPU's memory

    def _render(self, animation: Animation) -> None:
        stage = self._stages[animation.job, animation.attempt]
        outcome: Outcome
        try:
            stage.phase(PhaseName.PREPARE)
            self._pipeline.render(animation, stage)
            stage.phase(PhaseName.ENCODE)
        except Interrupted:
            outcome = stage.ended()
        except GenerationFailed as error:
            outcome = Failed(error.code, error.message)
            self._spent = isinstance(error, OutOfMemory)
        except Exception:  # a defect in a model's code must not take the next job down with it
            log.exception("the pipeline failed")
            outcome = Failed("generation_failed", "The engine failed on this picture.")
        else:
            self._encoding.add((animation.job, animation.attempt))
            stage.finish(then=self._end)
            return
        stage.abort()
        self._end(animation, outcome)

    def _end(self, animation: Animation, outcome: Outcome) -> None:
        key = (animation.job, animation.attempt)
        del self._stages[key]
        self._teller(animation)(outcome)
        self._encoding.discard(key)

    def _stage(self, animation: Animation) -> EncodingStage:
        pipeline = self._pipeline
        tell = self._teller(animation)
        capabilities, source = pipeline.capabilities, pipeline.source
        return EncodingStage(animation, capabilities, source, tell, self._signer)

    def _teller(self, animation: Animation) -> Callable[[Report], None]:
        return lambda report: self._write(Told(animation.job, animation.attempt, report))

    def _beat(self) -> None:
        while True:
            time.sleep(HEARTBEAT)
            for job, attempt in list(self._stages):
                self._write(Told(job, attempt, Heartbeat()))

    def _write(self, message: Message) -> None:
        with self._writing:
            write_message(self._messages, message)


def protocol_stdout() -> BinaryIO:
    """Keep the real stdout for the protocol and point fd 1 at stderr: a library may print."""
    real = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(real, "wb")


def serve(pipeline: Pipeline, signer: Signer | None = None) -> None:
    """Run a pipeline as an engine's child process on this process's stdin and stdout."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    Host(pipeline, sys.stdin.buffer, protocol_stdout(), signer).run()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m generation.engine.host",
        description="Serve one pipeline: a JSON command a line on stdin, reports on stdout.",
        epilog=f"By hand: type this line (with files of yours), watch the reports, end with Ctrl-D."
        f"\n\n{example_command()}\n\nTo cancel it:\n\n"
        '{"type":"cancel","job":"by-hand","attempt":1}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("pipeline", choices=["camera", "ltx"])
    parser.add_argument("--options", metavar="JSON", help="what the operator decided about ltx")
    parser.add_argument("--sign", metavar="JSON", help="who signs the clips")
    arguments = parser.parse_args()
    try:
        signer = _signer_of(arguments.sign)
        serve(_pipeline_of(arguments.pipeline, arguments.options), signer)
    except Misconfigured as error:
        sys.exit(error.message)


def _signer_of(text: str | None) -> Signer | None:
    """Raises `Misconfigured`."""
    try:
        return None if text is None else parse_signer(text)
    except ValueError:
        raise Misconfigured("--sign has to be the JSON of Signer.to_json().") from None


def _pipeline_of(name: str, options: str | None) -> Pipeline:
    """Raises `Misconfigured`."""
    if name == "camera":
        from generation.pipelines.camera.pipeline import CameraPipeline

        return CameraPipeline()
    from generation.pipelines.ltx.options import parse_options
    from generation.pipelines.ltx.pipeline import LtxPipeline

    try:
        return LtxPipeline(parse_options(options or ""))
    except ValueError:
        raise Misconfigured("--options has to be the JSON of LtxOptions.to_json().") from None


if __name__ == "__main__":
    main()
