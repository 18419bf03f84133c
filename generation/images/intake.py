"""The bot's side of foreign pictures: bytes in, the name of a clean PNG in the workspace out."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from generation.errors import ImageTooLarge, InvalidImage, Misconfigured, QueueFull
from generation.images.decoder_process import (
    Answer,
    ChildGone,
    Decoded,
    DecoderChild,
    Died,
    Invalid,
)
from generation.images.limits import MAX_BYTES, PATIENCE
from generation.images.stored_png import write_png
from generation.turns import FairTurns, HeldTurn

log = structlog.get_logger(__name__)

AT_ONCE: Final = 2
"""Children that decode at the same time: each may use 2 GB of address space."""

EACH: Final = 1
"""Of them for one owner: whoever comes beside pictures that take long finds a free one."""

SLOW: Final = 1.2
"""Seconds of the processor's time after which a picture lets those go first who wait."""

MOST_STOPPED: Final = 2
"""Children that are stopped for others; each keeps its memory, so one more begins anew later."""

LOOK: Final = 0.25
"""Seconds between two looks at what it has had, and at who waits."""

_STARTS: Final = 3
"""Children tried before the machine is to blame."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An upright RGB PNG: `name` in the folder it was taken into, size in pixels.

    `missing`: the share of it that the file did not hold and that was made up.
    """

    name: str
    width: int
    height: int
    missing: float = 0.0


class PictureIntake:
    """Owns the decoder children: at most two at work, one spare that waits for the next picture.

    `limit`: seconds from the turn of a picture to its answer, however many children it takes;
    `command` starts a decoder.
    """

    def __init__(self, *, limit: float = PATIENCE, command: Sequence[str] | None = None) -> None:
        self._limit = limit
        self._command = command or (sys.executable, "-P", "-m", "generation.images.decoder")
        self._turns = FairTurns(AT_ONCE, EACH)
        self._children: set[DecoderChild] = set()
        self._spare: DecoderChild | None = None
        self._warming = False
        self._stopped = 0
        self._closed = False

    async def start(self) -> None:
        """Return once a decoder waits for the first picture; raises `Misconfigured`."""
        try:
            async with asyncio.timeout(self._limit):
                self._spare = await self._spawn()
                await self._spare.ready()
        except (OSError, ChildGone):  # TimeoutError is an OSError
            await self.close()
            message = "The picture decoder does not start; please install photoplay again."
            raise Misconfigured(message) from None

    async def close(self) -> None:
        """Kill every child; a picture that is being decoded is refused."""
        self._closed = True
        self._spare = None
        for child in tuple(self._children):
            await self._end(child)

    async def take(self, source: bytes | Path, folder: Path, owner: str = "") -> Picture:
        """Decode `source` into `folder`; the file is on the disk, with its name, afterwards.

        `owner` is whose turns it takes. Nothing is left in `folder` when this raises:
        `ImageTooLarge`, `InvalidImage`, or `QueueFull` where the disk has no room or no decoder
        starts. Files whose names begin with a dot are waste after the death of this process.
        """
        check_bytes(len(source) if isinstance(source, bytes) else source.stat().st_size)
        async with self._turns.of(owner) as turn:
            decoded = _decoded(await self._answer(source, turn))
            with disk_full_is_queue_full():
                name = await _kept(decoded, folder)
        return Picture(name, decoded.width, decoded.height, decoded.missing)

    async def _answer(self, source: bytes | Path, turn: HeldTurn) -> Answer:
        """A child killed by a signal may have met a full machine: another one tries again."""
        answer: Answer | None = None
        try:
            async with asyncio.timeout(self._limit):
                for _ in range(_STARTS):
                    try:
                        answer = await self._answer_of_one(source, turn)
                    except ChildGone:
                        continue
                    if not (isinstance(answer, Died) and answer.killed) or self._closed:
                        break
                    log.warning("decoder_killed")
        except TimeoutError:
            log.warning("decoder_had_no_time", seconds=self._limit)
            raise QueueFull("no_decoder") from None
        if isinstance(answer, Died) and self._closed:
            raise QueueFull("restarting")
        if answer is None:
            log.error("decoder_does_not_start")
            raise QueueFull("no_decoder")
        return answer

    async def _answer_of_one(self, source: bytes | Path, turn: HeldTurn) -> Answer:
        child = await self._next_child()
        try:
            await child.request(source)
            await self._warm()
            answer = await self._answer_in_turn(child, turn)
        finally:
            await self._end(child)
        if answer is not None:
            return answer
        await turn.pass_on()
        return await self._answer_of_one(source, turn)

    async def _answer_in_turn(self, child: DecoderChild, turn: HeldTurn) -> Answer | None:
        """Who takes long lets others go first; `None` for one that has to begin anew after them."""
        answer = asyncio.ensure_future(child.answer())
        try:
            while not (await asyncio.wait([answer], timeout=LOOK))[0]:
                if not turn.others_wait or child.worked() < SLOW:
                    continue
                if self._stopped >= MOST_STOPPED:
                    return None
                await self._stop(child, turn)
            return answer.result()
        finally:
            answer.cancel()
            await asyncio.wait([answer])

    async def _stop(self, child: DecoderChild, turn: HeldTurn) -> None:
        """Keep it as it is until everybody who came meanwhile has had a decoder."""
        self._stopped += 1
        child.send(signal.SIGSTOP)
        try:
            await turn.pass_on()
        finally:
            child.send(signal.SIGCONT)
            self._stopped -= 1

    async def _next_child(self) -> DecoderChild:
        if self._closed:
            raise QueueFull("restarting")
        child, self._spare = self._spare, None
        try:
            return child or await self._spawn()
        except OSError as error:
            log.error("decoder_does_not_start", reason=type(error).__name__)
            raise QueueFull("no_decoder") from None

    async def _warm(self) -> None:
        """Have a spare ready; where none can start, the next picture only waits longer."""
        if self._spare is not None or self._warming or self._closed:
            return
        self._warming = True
        try:
            self._spare = await self._spawn()
        except OSError as error:
            log.warning("spare_decoder_does_not_start", reason=type(error).__name__)
        finally:
            self._warming = False

    async def _spawn(self) -> DecoderChild:
        child = await DecoderChild.spawn(self._command)
        self._children.add(child)
        if self._closed:  # meanwhile, and `close` did not see this one
            await self._end(child)
        return child

    async def _end(self, child: DecoderChild) -> None:
        """Also when cancelled meanwhile: a child that is killed and not buried stays a zombie."""
        ending = asyncio.ensure_future(child.kill())
        try:
            await asyncio.shield(ending)
        finally:
            await asyncio.wait([ending])
            self._children.discard(child)


@contextlib.contextmanager
def disk_full_is_queue_full() -> Iterator[None]:
    """Inside, a full disk or quota raises `QueueFull`; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            log.error("disk_full")
            raise QueueFull("disk_full") from None
        raise


def _decoded(answer: Answer) -> Decoded:
    match answer:
        case Decoded():
            return answer
        case Invalid():
            raise answer.error()
        case Died():
            log.warning("picture_ended_its_decoder")
            raise InvalidImage("unreadable")


def check_bytes(size: int) -> None:
    """Raises `ImageTooLarge`."""
    if size > MAX_BYTES:
        megabytes = round(max(size / 1e6, MAX_BYTES / 1e6 + 0.1), 1)
        raise ImageTooLarge("bytes", megabytes=megabytes, most=MAX_BYTES // 10**6)


async def _kept(decoded: Decoded, folder: Path) -> str:
    """The name of the file, which is on the disk complete or not at all."""
    token = secrets.token_hex(16)
    part, final = folder / f".{token}.part", folder / f"{token}.png"

    def write() -> None:
        write_png(part, decoded.width, decoded.height, decoded.pixels)
        part.rename(final)
        _flush_folder(folder)

    try:
        await to_the_end(write)
    except BaseException:
        part.unlink(missing_ok=True)
        final.unlink(missing_ok=True)
        raise
    return final.name


async def to_the_end(work: Callable[[], None]) -> None:
    """Run blocking work in a thread; when cancelled, wait for its end before saying so.

    A thread can't be stopped: without this it would go on writing what was just cleaned up.
    """
    thread = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        await asyncio.shield(thread)
    finally:
        await asyncio.wait([thread])


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
