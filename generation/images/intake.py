"""The bot's side of foreign pictures: bytes in, the name of a clean PNG in the workspace out."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import structlog

from generation.errors import ImageTooLarge, InvalidImage, Misconfigured, QueueFull
from generation.images.decoder_process import (
    Answer,
    Broken,
    ChildGone,
    Decoded,
    DecoderChild,
    Died,
    Full,
    Invalid,
)
from generation.images.limits import MAX_BYTES, SECONDS

log = structlog.get_logger(__name__)

AT_ONCE: Final = 2
"""Children that decode at the same time: each may use 2 GB of address space."""

_STARTS: Final = 3
"""Children tried before the machine is to blame."""

_Argument = TypeVar("_Argument")


@dataclass(frozen=True, slots=True)
class Picture:
    """An upright RGB PNG: `name` in the folder it was taken into, size in pixels."""

    name: str
    width: int
    height: int


class PictureIntake:
    """Owns the decoder children: at most two at work, one spare that waits for the next picture.

    `limit`: seconds from the turn of a picture to its answer; `command` starts a decoder.
    """

    def __init__(self, *, limit: float = SECONDS, command: Sequence[str] | None = None) -> None:
        self._limit = limit
        self._command = command or (sys.executable, "-P", "-m", "generation.images.decoder")
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._children: set[DecoderChild] = set()
        self._spare: DecoderChild | None = None
        self._warming = False
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

    async def take(self, source: bytes | Path, folder: Path) -> Picture:
        """Decode `source` into `folder`; the file is on the disk, with its name, afterwards.

        Nothing is left in `folder` when this raises: `ImageTooLarge`, `InvalidImage`, or
        `QueueFull` where the disk has no room or no decoder starts. Files whose names begin with
        a dot can only be there after the death of this process; then they are waste.
        """
        _check_bytes(len(source) if isinstance(source, bytes) else source.stat().st_size)
        token = secrets.token_hex(16)
        spooled, part = folder / f".{token}.source", folder / f".{token}.part"
        final = folder / f"{token}.png"
        try:
            async with self._turns:
                with disk_full_is_queue_full():
                    if isinstance(source, bytes):
                        await _to_the_end(spooled.write_bytes, source)
                        source = spooled
                    decoded = _decoded(await self._answer(source, part))
                    part.rename(final)  # the child has flushed its contents
                    await _to_the_end(_flush_folder, folder)
        except BaseException:
            final.unlink(missing_ok=True)
            raise
        finally:
            spooled.unlink(missing_ok=True)
            part.unlink(missing_ok=True)
        return Picture(final.name, decoded.width, decoded.height)

    async def _answer(self, source: Path, target: Path) -> Answer:
        for _ in range(_STARTS):
            child = await self._next_child()
            try:
                async with asyncio.timeout(self._limit):
                    await child.request(source, target)
                    await self._warm()
                    answer = await child.answer()
            except ChildGone:
                continue
            except TimeoutError:
                log.warning("picture_too_slow", seconds=self._limit)
                return Invalid(reason="too_slow")
            finally:
                await self._end(child)
            if isinstance(answer, Died) and self._closed:
                raise QueueFull("restarting")
            return answer
        log.error("decoder_does_not_start")
        raise QueueFull("no_decoder")

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
        case Full():
            log.error("disk_full")
            raise QueueFull("disk_full")
        case Broken(reason=reason):
            log.error("decoder_cannot_use_files", reason=reason)
            raise QueueFull("no_decoder")
        case Died():
            log.warning("picture_ended_its_decoder")
            raise InvalidImage("unreadable")


def _check_bytes(size: int) -> None:
    if size > MAX_BYTES:
        megabytes = round(max(size / 1e6, MAX_BYTES / 1e6 + 0.1), 1)
        raise ImageTooLarge("bytes", megabytes=megabytes, most=MAX_BYTES // 10**6)


async def _to_the_end(work: Callable[[_Argument], object], argument: _Argument) -> None:
    """Run blocking work in a thread; when cancelled, wait for its end before saying so.

    A thread can't be stopped: without this it would go on writing what was just cleaned up.
    """
    thread = asyncio.ensure_future(asyncio.to_thread(work, argument))
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
