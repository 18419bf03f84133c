"""Pipelines that behave and misbehave in one way each, run as a real engine's child process.

`python -m tests.fakes.engine.pipelines KIND`
"""

from __future__ import annotations

import os
import sys
import time

import cv2
import numpy as np
import psutil

from generation.child import serve
from generation.directions.vocabulary import Effect, Motion
from generation.engine.pipeline import DeviceLost, OnLoading, Stage
from generation.engine.protocol import Animation, Capabilities
from generation.engine.wire import MAX_PREVIEW
from generation.errors import Misconfigured, OutOfMemory
from generation.events import PhaseName
from generation.media.marking import DigitalSource

FAKE = Capabilities("fake", "fake", frozenset(Motion), frozenset(Effect), frozenset())


class Steady:
    """Grey frames, one a step; the prompt `slow` makes a step take 50 ms, `bulky` a large clip."""

    capabilities = FAKE
    source = DigitalSource.ALGORITHMICALLY_ENHANCED

    def load(self, _: OnLoading) -> None:
        return

    def render(self, animation: Animation, stage: Stage) -> None:
        request = animation.request
        stage.phase(PhaseName.STEP)
        for index in range(request.num_frames):
            self.misbehave(animation.attempt, index)
            if request.prompt == "slow":
                time.sleep(0.05)
            grey = 40 + (index * 8 + request.seed) % 160
            shape = (1, request.height, request.width, 3)
            frame = np.full(shape, grey, np.uint8)
            if request.prompt == "bulky":
                frame = np.random.default_rng(index).integers(0, 256, shape, np.uint8)
            stage.step(index + 1, request.num_frames)
            stage.frames(frame)

    def misbehave(self, attempt: int, index: int) -> None:
        return


class Raises(Steady):
    def misbehave(self, attempt: int, index: int) -> None:
        if index == 3:
            raise ZeroDivisionError("a defect with a /secret/path in it")


class OutOfRoom(Steady):
    def misbehave(self, attempt: int, index: int) -> None:
        raise OutOfMemory("length")


class NoMemory(Steady):
    """As much as no machine has: numpy's own error."""

    def misbehave(self, attempt: int, index: int) -> None:
        np.zeros(2**56, np.uint8)


class NoMemoryForOpenCv(Steady):
    def misbehave(self, attempt: int, index: int) -> None:
        error = cv2.error("(-4:Insufficient memory) Failed to allocate")
        error.code = cv2.Error.StsNoMem
        raise error


class SecondIsTooLarge(Steady):
    def render(self, animation: Animation, stage: Stage) -> None:
        if animation.job.endswith("b"):
            raise OutOfMemory("length")
        super().render(animation, stage)


class Exits(Steady):
    def misbehave(self, attempt: int, index: int) -> None:
        if index == 3:
            os._exit(9)


class ExitsOnce(Steady):
    def misbehave(self, attempt: int, index: int) -> None:
        if attempt == 1 and index == 3:
            os._exit(9)


class EncoderKilled(Steady):
    """Loses its ffmpeg after some frames, as when the machine is out of memory."""

    attempts = 99

    def misbehave(self, attempt: int, index: int) -> None:
        if attempt <= self.attempts and index == 3:
            while not (encoders := _encoders()):
                time.sleep(0.01)
            encoders[0].kill()


class EncoderKilledOnce(EncoderKilled):
    attempts = 1


def _encoders() -> list[psutil.Process]:
    """Those at work: not the one that is only asked for its version."""
    return [child for child in psutil.Process().children() if _encodes(child)]


def _encodes(child: psutil.Process) -> bool:
    try:
        return "-nostdin" in child.cmdline()
    except psutil.Error:  # it ended between the two looks
        return False


class Hangs(Steady):
    def misbehave(self, attempt: int, index: int) -> None:
        if index == 3:
            time.sleep(3600)


class Prints(Steady):
    """Writes where the protocol is, as libraries do, and floods stderr."""

    def misbehave(self, attempt: int, index: int) -> None:
        print("not a message", flush=True)  # noqa: T201
        os.write(1, b'{"type": "done"}\n')
        sys.stderr.write("x" * 100_000 + "\n")


class FloodsPrints(Steady):
    """As somebody would who has broken into it: it prints without end."""

    def misbehave(self, attempt: int, index: int) -> None:
        while True:
            os.write(2, b"a\n" * 30_000)


class FloodsReports(Steady):
    def render(self, animation: Animation, stage: Stage) -> None:
        while True:
            stage.step(1, 2)


class HugePreview(Steady):
    """Announces more than a machine can hold."""

    def render(self, animation: Animation, stage: Stage) -> None:
        stage.preview(bytes(MAX_PREVIEW + 1))
        time.sleep(3600)


class NeverLoads(Steady):
    def load(self, _: OnLoading) -> None:
        time.sleep(3600)


class DiesLoading(Steady):
    def load(self, _: OnLoading) -> None:
        os._exit(3)


class CannotStart(Steady):
    def load(self, _: OnLoading) -> None:
        raise Misconfigured("There is no GPU in this machine.")


class LoadsSlowly(Steady):
    """Ten parts, almost a second each."""

    def load(self, loading: OnLoading) -> None:
        for done in range(10):
            loading(f"part {done}", done, 10)
            time.sleep(0.8)


class LosesItsDevice(Steady):
    def misbehave(self, attempt: int, index: int) -> None:
        if index == 1:
            raise DeviceLost("The GPU answers no more.")


KINDS: dict[str, type[Steady]] = {
    "steady": Steady,
    "raises": Raises,
    "out-of-room": OutOfRoom,
    "no-memory": NoMemory,
    "no-memory-for-opencv": NoMemoryForOpenCv,
    "second-is-too-large": SecondIsTooLarge,
    "exits": Exits,
    "exits-once": ExitsOnce,
    "encoder-killed": EncoderKilled,
    "encoder-killed-once": EncoderKilledOnce,
    "hangs": Hangs,
    "prints": Prints,
    "floods-prints": FloodsPrints,
    "floods-reports": FloodsReports,
    "huge-preview": HugePreview,
    "never-loads": NeverLoads,
    "dies-loading": DiesLoading,
    "cannot-start": CannotStart,
    "loads-slowly": LoadsSlowly,
    "loses-its-device": LosesItsDevice,
}

if __name__ == "__main__":
    serve(KINDS[sys.argv[1]]())
