"""The parent's side of an engine: one child process, spoken to over pipes, killed when it hangs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Mapping, Sequence

import structlog

from generation.bound import command
from generation.engine.protocol import (
    Animation,
    Capabilities,
    Done,
    Heartbeat,
    Phase,
    Preview,
    Report,
    Step,
    WorkerLost,
)
from generation.engine.wire import (
    MAX_LINE,
    Animate,
    Cancel,
    Command,
    Garbled,
    JobReport,
    Ready,
    command_bytes,
    read_message,
)
from generation.events import Cancelled, Failed, PhaseName
from generation.notes import Note

log = structlog.get_logger(__name__)

CANCEL_GRACE = 5.0
"""Seconds a cancelled job gets to reach its next step before its process is killed."""

_Key = tuple[str, int]


class _Attempt:
    """What the parent knows about one attempt that the child works on."""

    def __init__(self, due: float) -> None:
        self.reports: asyncio.Queue[Report | WorkerLost] = asyncio.Queue()
        self.phase = PhaseName.PREPARE
        self.taken_up = False
        self.due = due


class EngineProcess:
    """Drives one child that speaks `generation.engine.wire`.

    `deadlines` are seconds without progress in each phase before the child is killed; `load`
    covers everything from its start to `Ready`.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        capabilities: Capabilities,
        deadlines: Mapping[PhaseName, float],
        environment: Mapping[str, str],
        cancel_grace: float = CANCEL_GRACE,
    ) -> None:
        self._arguments = arguments
        self._deadlines = deadlines
        self._environment = environment
        self._cancel_grace = cancel_grace
        self._attempts: dict[_Key, _Attempt] = {}
        self._child: asyncio.subprocess.Process | None = None
        self._readers: tuple[asyncio.Task[None], ...] = ()
        self._ready = asyncio.Event()
        self._lost = asyncio.Event()
        self.capabilities = capabilities
        self.capacity = 1

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """Start the child and wait until its pipeline is warm; raises `WorkerLost`."""
        await self.close()
        self._lost.clear()
        child = self._child = await self._spawn()
        self._readers = (
            asyncio.create_task(self._read_messages(child)),
            asyncio.create_task(_drain_stderr(child)),
        )
        waits = {asyncio.create_task(self._ready.wait()), asyncio.create_task(self._lost.wait())}
        try:
            await asyncio.wait(
                waits,
                timeout=self._deadlines[PhaseName.LOAD],
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            for wait in waits:
                wait.cancel()
        if not self.ready:
            await self.close()
            raise WorkerLost("the engine did not become ready", guilty=False)

    async def _spawn(self) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *command(self._arguments),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=dict(self._environment),
                limit=MAX_LINE,
                start_new_session=True,  # Ctrl-C in the terminal is for the bot, which ends it
            )
        except OSError as error:
            raise WorkerLost(f"it cannot be started: {error.strerror}", guilty=False) from None

    async def animate(self, animation: Animation) -> AsyncGenerator[Report]:
        """Yield the child's reports; leaving early cancels the job and waits for its end."""
        if not self.ready:
            raise WorkerLost("the engine is not running", guilty=False)
        key = (animation.job, animation.attempt)
        attempt = self._attempts[key] = _Attempt(self._due(PhaseName.PREPARE))
        ended = False
        try:
            await self._send(Animate(animation))
            while not ended:
                report = await self._next(attempt)
                ended = isinstance(report, Done | Failed | Cancelled)
                yield report
        finally:
            if not ended and self.ready:
                await self._stop(animation, attempt)
            del self._attempts[key]

    def _due(self, phase: PhaseName) -> float:
        return asyncio.get_running_loop().time() + self._deadlines[phase]

    async def _next(self, attempt: _Attempt) -> Report:
        """The next report, or death: of the child, or by the deadline of the phase it is in."""
        try:
            async with asyncio.timeout_at(attempt.due):
                report = await attempt.reports.get()
        except TimeoutError:
            log.warning("engine_hangs", phase=attempt.phase)
            await self.close()
            raise WorkerLost(f"no progress in phase {attempt.phase}", guilty=True) from None
        match report:
            case WorkerLost():
                raise report
            case Phase(name):
                attempt.phase = name
                attempt.due = self._due(name)
            case Step():
                attempt.due = self._due(attempt.phase)
            case Done() | Failed() | Cancelled() | Preview() | Note():
                pass
            case Heartbeat():  # proves life, not progress
                pass
        return report

    async def _stop(self, animation: Animation, attempt: _Attempt) -> None:
        await self._send(Cancel(animation.job, animation.attempt))
        try:
            async with asyncio.timeout(self._cancel_grace):
                while True:
                    report = await attempt.reports.get()
                    if isinstance(report, Done | Failed | Cancelled | WorkerLost):
                        return
        except TimeoutError:
            log.warning("engine_ignores_cancel", job=animation.job)
            await self.close()

    async def close(self) -> None:
        """Kill the child with everything it started, and tell whoever still waits for it."""
        child, self._child = self._child, None
        self._ready.clear()
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
        for reader in self._readers:
            if reader is not asyncio.current_task():
                reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        self._readers = ()
        for attempt in self._attempts.values():
            attempt.reports.put_nowait(WorkerLost("the engine was stopped", guilty=False))

    async def _send(self, command: Command) -> None:
        if self._child is None or self._child.stdin is None:
            return
        with contextlib.suppress(ConnectionError):  # its death is noticed by the reader
            self._child.stdin.write(command_bytes(command))
            await self._child.stdin.drain()

    async def _read_messages(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        try:
            while (message := await read_message(child.stdout)) is not None:
                match message:
                    case Ready(capabilities, capacity):
                        self.capabilities, self.capacity = capabilities, capacity
                        self._ready.set()
                    case JobReport(job, number, report):
                        if attempt := self._attempts.get((job, number)):
                            # A heartbeat comes for jobs, too, that still wait in the child.
                            attempt.taken_up |= not isinstance(report, Heartbeat)
                            attempt.reports.put_nowait(report)
        except Garbled as error:
            log.error("engine_garbled", error=str(error))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        code = await child.wait()
        if self._child is child:  # else `close` ended it on purpose
            self._ready.clear()
            self._lost.set()
            self._blame(f"the engine ended with {code}")

    def _blame(self, reason: str) -> None:
        """A death counts against the job that rendered, not against one that encoded beside it.

        A job that the child had not taken up can have done nothing to it.
        """
        begun = [a for a in self._attempts.values() if a.taken_up]
        rendering = [a for a in begun if a.phase is not PhaseName.ENCODE]
        for attempt in self._attempts.values():
            guilty = attempt in (rendering or begun)
            attempt.reports.put_nowait(WorkerLost(reason, guilty=guilty))


async def _drain_stderr(child: asyncio.subprocess.Process) -> None:
    """A full pipe would stop the child; what libraries print is for the operator's log."""
    assert child.stderr is not None
    while chunk := await child.stderr.read(4096):
        for line in chunk.decode(errors="replace").splitlines():
            if line.strip():
                log.info("engine_says", line=line.strip()[:500])
