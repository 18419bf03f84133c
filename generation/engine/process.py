"""The parent's side of an engine: one child process, spoken to over pipes, killed when it hangs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import asdict

import structlog

from generation.bound import command
from generation.engine.attempt import Attempt, blame
from generation.engine.cards import CardState
from generation.engine.protocol import (
    Accepted,
    Animation,
    Capabilities,
    Done,
    Heartbeat,
    OnCard,
    Phase,
    Preview,
    Report,
    StartCutOff,
    Step,
    WorkerLost,
)
from generation.engine.wire import (
    MAX_LINE,
    Animate,
    Cancel,
    Cards,
    Command,
    Garbled,
    JobReport,
    LastWords,
    Loading,
    Ready,
    command_bytes,
    read_message,
)
from generation.events import Cancelled, Failed, PhaseName
from generation.notes import Note
from generation.printed import printed

log = structlog.get_logger(__name__)

CANCEL_GRACE = 5.0
"""Seconds a cancelled job gets to reach its next step before its process is killed."""

LAST_WORDS = 1.0
"""Seconds for what a dead child has written to stderr to be read."""

CUT_OFF = (-signal.SIGKILL, -signal.SIGTERM)
"""As the kernel does where memory is short, or an operator; a fault of its own ends otherwise."""


class EngineProcess:
    """`deadlines`: seconds without progress in each phase before the child is killed; `load`'s
    is for everything from its start to `Ready`.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        name: str = "engine",
        capabilities: Capabilities,
        deadlines: Mapping[PhaseName, float],
        environment: Mapping[str, str],
        cancel_grace: float = CANCEL_GRACE,
    ) -> None:
        self._arguments = arguments
        self._deadlines = deadlines
        self._environment = environment
        self._cancel_grace = cancel_grace
        self._attempts: dict[tuple[str, int], Attempt] = {}
        self._child: asyncio.subprocess.Process | None = None
        self._readers: tuple[asyncio.Task[None], ...] = ()
        self._ready = asyncio.Event()
        self._lost = asyncio.Event()
        self._said: deque[str] = deque(maxlen=40)
        self._load_due = 0.0
        self._last_words: LastWords | None = None
        self.name = name
        self.changed = asyncio.Event()
        self.capabilities = capabilities
        self.capacity = 1
        self.cards: tuple[CardState, ...] = ()

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    @property
    def said(self) -> tuple[str, ...]:
        """The last lines on its stderr, also of a child that has died: for the operator."""
        return tuple(self._said)

    async def start(self) -> None:
        """Start the child and wait until its pipeline is warm; raises `WorkerLost`."""
        await self.close()
        self._lost.clear()
        self._said.clear()
        self._last_words = None
        child = self._child = await self._spawn()
        self._readers = (
            asyncio.create_task(self._read_messages(child)),
            asyncio.create_task(self._drain_stderr(child)),
        )
        self._load_due = self._due(PhaseName.LOAD)
        await self._await_start()
        if not self.ready:
            lost = await self._why_not(child)
            await self.close()
            raise lost

    async def _await_start(self) -> None:
        """Until it is ready, has ended, or for too long has loaded nothing more."""
        waits = {asyncio.create_task(self._ready.wait()), asyncio.create_task(self._lost.wait())}
        try:
            while not (self._ready.is_set() or self._lost.is_set()):
                left = self._load_due - asyncio.get_running_loop().time()
                if left <= 0:
                    return
                await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _why_not(self, child: asyncio.subprocess.Process) -> WorkerLost:
        """What the child said of its end; else the last line of what it printed."""
        if self._last_words is not None:
            return WorkerLost(self._last_words.text, guilty=False)
        if not self._lost.is_set():
            return StartCutOff("It did not become ready in time.")
        if child.returncode in CUT_OFF:
            return StartCutOff("It was killed while it started.")
        await asyncio.wait(self._readers, timeout=LAST_WORDS)
        said = self._said[-1] if self._said else "It ended without a word."
        return WorkerLost(said, guilty=False)

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
        attempt = self._attempts[key] = Attempt(self._due(PhaseName.PREPARE))
        ended = False
        try:
            await self._send(Animate(animation))
            while not ended:
                report = await self._next(attempt)
                ended = isinstance(report, Done | Failed | Cancelled)
                yield report
        except WorkerLost:
            ended = True
            raise
        finally:
            if not ended and self.ready:
                await self._stop(animation, attempt)
            del self._attempts[key]

    def _due(self, phase: PhaseName) -> float:
        return asyncio.get_running_loop().time() + self._deadlines[phase]

    async def _next(self, attempt: Attempt) -> Report:
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
            case Done() | Failed() | Cancelled() | Preview() | Note() | Accepted() | OnCard():
                pass
            case Heartbeat():  # proves life, not progress
                pass
        return report

    async def _stop(self, animation: Animation, attempt: Attempt) -> None:
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

    def drain(self, card: str, *, drained: bool) -> None:
        """Of a child that has cards to choose from."""

    def leave(self) -> None:
        """A child ends with us."""

    async def close(self) -> None:
        """Kill the child with everything it started, and tell whoever still waits for it."""
        child, self._child = self._child, None
        self._ready.clear()
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
        await self._heard_out()
        for reader in self._readers:
            if reader is not asyncio.current_task():
                reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        self._readers = ()
        for attempt in self._attempts.values():
            attempt.reports.put_nowait(WorkerLost("the engine was stopped", guilty=False))

    async def _heard_out(self) -> None:
        if self._readers:  # only a grandchild that outlives it could hold its pipe open
            await asyncio.wait([self._readers[-1]], timeout=LAST_WORDS)

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
                        self.changed.set()
                    case Loading():
                        self._load_due = self._due(PhaseName.LOAD)
                        log.info("engine_loads", **asdict(message))
                    case Cards(cards):
                        self.cards = cards
                    case LastWords():
                        self._last_words = message
                    case JobReport(job, number, report):
                        if attempt := self._attempts.get((job, number)):
                            attempt.told(report)
                await asyncio.sleep(0)  # else what has come already is read without a pause
        except Garbled as error:
            log.error("engine_garbled", error=str(error))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        code = await child.wait()
        await self._heard_out()
        if self._child is child:  # else `close` ended it on purpose
            self._ready.clear()
            self._lost.set()
            self.changed.set()
            self._blame(code)

    def _blame(self, code: int) -> None:
        words = self._last_words or LastWords(f"the engine ended with {code}")
        blame(self._attempts.values(), words)

    async def _drain_stderr(self, child: asyncio.subprocess.Process) -> None:
        """A full pipe would stop the child; what libraries print is for the operator's log."""
        assert child.stderr is not None
        async for line in printed(child.stderr):
            self._said.append(line)
            log.info("engine_says", line=line)
