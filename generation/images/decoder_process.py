"""One decoder child, from its start to its certain end, as the bot sees it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Final

import structlog
from pydantic import BaseModel, ConfigDict, Field

from generation import bound
from generation.errors import ImageReason, InvalidImage
from generation.images.limits import LONG_SIDE
from generation.printed import PIECE, lines

log = structlog.get_logger(__name__)

_MAX_LINE: Final = 4096
_PIECE: Final = 1 << 20
"""Bytes that are taken from the pipe before it is read again."""
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "TMPDIR")
MOST_PRINTED: Final = 1 << 14
"""Bytes of complaints that a library may have about one picture."""

IDLE: Final = 5.0
"""Seconds without any work after which a child that has not begun is taken for a stopped one."""


class ChildGone(Exception):
    """The child ended before it met the picture, so the picture is innocent."""


class Decoded(BaseModel):
    """The size in pixels of the upright picture; `missing` is the share that was made up."""

    model_config = ConfigDict(frozen=True, strict=True)
    width: int = Field(ge=1, le=LONG_SIDE)
    height: int = Field(ge=1, le=LONG_SIDE)
    missing: float = Field(ge=0, le=1)
    pixels: bytes = b""
    """RGB from the top left."""


class Invalid(BaseModel):
    """Why it is no picture for us, in the words and numbers of `InvalidImage` alone."""

    model_config = ConfigDict(frozen=True, strict=True)
    reason: ImageReason
    facts: dict[str, int | float] = {}

    def error(self) -> InvalidImage:
        """Raises `TypeError` for facts that do not go with the reason."""
        return InvalidImage(self.reason, **self.facts)


class Died(BaseModel):
    """It ended while it worked on the picture, or said what no decoder says.

    `killed`: by a signal, perhaps not because of the picture.
    """

    model_config = ConfigDict(frozen=True, strict=True)
    killed: bool


Answer = Decoded | Invalid | Died


class DecoderChild:
    """Speaks the protocol of `generation.images.decoder`; good for one picture."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._is_ready = False
        self._began = time.monotonic()
        self._reading = asyncio.Lock()  # whoever waits for an answer lets `kill` read the rest
        self._printed_too_much = False
        self._drain = asyncio.create_task(self._drain_stderr())

    @classmethod
    async def spawn(cls, command: Sequence[str]) -> DecoderChild:
        """Start a child without any of our secrets; raises `OSError` where none can start."""
        process = await asyncio.create_subprocess_exec(
            *bound.command(command),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(),
            limit=_PIECE,
            start_new_session=True,  # Ctrl-C in the terminal is for the bot, which ends the child
        )
        return cls(process)

    async def ready(self) -> None:
        """Return once its libraries are loaded; raises `ChildGone`."""
        if not self._is_ready:
            await self._expect("ready")
            self._is_ready = True

    async def request(self, source: bytes | Path) -> None:
        """Return once it has the whole picture.

        Raises `ChildGone` for a child that had died, or that does nothing: somebody stopped it.
        """
        watch = asyncio.create_task(self._kill_if_idle())
        try:
            await self._hand_over(source)
        finally:
            watch.cancel()

    async def _hand_over(self, source: bytes | Path) -> None:
        await self.ready()
        stdin = self._process.stdin
        assert stdin is not None
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        try:
            stdin.write(json.dumps({"bytes": size}).encode() + b"\n")
            async for piece in _pieces(source):
                stdin.write(piece)
                await stdin.drain()
        except ConnectionError:
            raise ChildGone from None
        await self._expect("started")

    async def _kill_if_idle(self) -> None:
        """One that waits for the processor or a disk is none; it had no more than bad luck."""
        before = -1.0
        while (worked := self.worked()) != before or self._state() in "RD":
            before = worked
            await asyncio.sleep(IDLE)
        log.warning("decoder_does_not_begin", seconds=IDLE)
        self.send(signal.SIGKILL)

    async def answer(self) -> Answer:
        """How it ended, after `request`."""
        try:
            line = await self._line()
            if not line:
                return await self._died()
            ((kind, body),) = json.loads(line).items()
            if kind == "invalid":
                return _checked(Invalid.model_validate(body))
            if kind != "picture":
                return Died(killed=False)
            decoded = Decoded.model_validate(body)
            pixels = await self._bytes(decoded.width * decoded.height * 3)
            return decoded.model_copy(update={"pixels": pixels})
        except asyncio.IncompleteReadError:
            return await self._died()
        except (ValueError, TypeError, AttributeError):  # also what pydantic raises
            return Died(killed=False)

    async def _died(self) -> Died | Invalid:
        """The stream has ended, so the process has, or is about to."""
        code = await self._process.wait()
        if self._printed_too_much or code == -signal.SIGXCPU:
            log.warning("picture_too_slow")
            return Invalid(reason="too_slow")
        return Died(killed=code < 0)

    def worked(self) -> float:
        """Seconds of the processor's time that it has had; of the clock's where none are told."""
        stat = self._stat()
        if not stat:
            return time.monotonic() - self._began
        user, system = stat[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _state(self) -> str:
        """The kernel's letter for what it is doing."""
        return (self._stat() or "R")[0]

    def _stat(self) -> list[str]:
        """What the kernel tells of it, from its state on; empty where it tells nothing."""
        try:
            stat = Path(f"/proc/{self._process.pid}/stat").read_text()
        except OSError:
            return []
        return stat.rpartition(")")[2].split()

    def send(self, number: signal.Signals) -> None:
        """To it and to all that it might have started."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    async def kill(self) -> None:
        """End it, whatever it does; afterwards it is neither alive nor a zombie."""
        self.send(signal.SIGKILL)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        async with self._reading:
            while await self._process.stdout.read(_PIECE):
                pass  # asyncio lets go of a pipe only at its end
        await self._drain
        await self._process.wait()

    async def _drain_stderr(self) -> None:
        """A full pipe would stop it; paths in what libraries print are nobody's business.

        Whoever prints without end is no library, and is ended.
        """
        stderr, left = self._process.stderr, MOST_PRINTED
        assert stderr is not None
        while left > 0 and (piece := await stderr.read(left)):
            left -= len(piece)
            for line in lines(piece):
                words = ("…" if "/" in word else word for word in line.split())
                log.debug("decoder_says", line=" ".join(words))
        if left <= 0:
            log.warning("decoder_prints_too_much", most=MOST_PRINTED)
            self._printed_too_much = True
            self.send(signal.SIGKILL)
        while await stderr.read(PIECE):
            pass

    async def _expect(self, word: str) -> None:
        try:
            if json.loads(await self._line()) == {word: True}:
                return
        except ValueError:
            pass
        raise ChildGone

    async def _line(self) -> bytes:
        """Empty at the end of the stream; raises `ValueError` for one that is too long."""
        assert self._process.stdout is not None
        async with self._reading:
            line = await self._process.stdout.readline()
        if len(line) > _MAX_LINE:
            raise ValueError("no decoder says so much")
        return line

    async def _bytes(self, count: int) -> bytes:
        """Raises `IncompleteReadError` at an early end of the stream."""
        assert self._process.stdout is not None
        async with self._reading:
            return await self._process.stdout.readexactly(count)


async def _pieces(source: bytes | Path) -> AsyncGenerator[bytes]:
    """Of a file only one at a time is in memory."""
    if isinstance(source, bytes):
        yield source
        return
    with await asyncio.to_thread(source.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


def _checked(invalid: Invalid) -> Invalid:
    invalid.error()
    return invalid


def _environment() -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        # The code of this process and of no other checkout, wherever we were started.
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        # Each arena of a decoder's thread would reserve 64 MB of the child's address space.
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
    }
