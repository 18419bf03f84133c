"""The operator's door: `photoplay queue` talks to the running program over a socket of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.dispatch.service import AnimationService
from generation.dispatch.workers import Workers
from generation.errors import AnimationError, Misconfigured
from generation.jobs import Job
from generation.store.database import Unwritable
from generation.store.history import History
from generation.store.job_queue import JobQueue
from generation.store.state import Mode, QueueState
from generation.system_words import system_words

MAX_LINE = 1 << 16

HOUR = 3600.0

PAGE = 50
"""Jobs that `queue list` shows at a time."""

MODES = {"pause": Mode.PAUSED, "resume": Mode.OPEN, "drain": Mode.DRAINING}


LONGEST = 107 if sys.platform == "linux" else 103
"""Bytes of a socket's path: `sun_path` less the zero at its end (unix(7))."""


def check_length(path: Path) -> None:
    """Raises `Misconfigured` for a path under which no socket can be."""
    length = len(os.fsencode(path.absolute()))
    if length > LONGEST:
        raise Misconfigured(
            f"The path of data_dir is too long: with the control socket it has {length} bytes, and "
            f"{LONGEST} are the most; choose a shorter one."
        )


class NotRunning(Exception):
    """Nobody listens on the socket."""


@dataclass(frozen=True, slots=True)
class QueueReport:
    mode: Mode
    reason: str | None
    count: int
    jobs: tuple[Job, ...]

    def as_json(self) -> dict[str, Any]:
        jobs = [_brief(job) for job in self.jobs]
        return {**self.as_line(), "jobs": jobs}

    def as_line(self) -> dict[str, Any]:
        """Without the jobs, of which there may be ten thousand."""
        return {"mode": self.mode.value, "reason": self.reason, "count": self.count}


async def report(
    state: QueueState, history: History, *, page: int = 1, size: int = PAGE
) -> QueueReport:
    """`page` 1 begins with what is being made."""
    counts = await history.counts()
    jobs = tuple(await history.active(limit=size, skip=(page - 1) * size))
    return QueueReport(state.mode, state.reason, counts["asked"], jobs)


class Control:
    """Serves one JSON command a connection; the socket is the user's alone (0600).

    `stopped`: the platforms that serve nobody now, each with the reason.
    """

    def __init__(
        self,
        path: Path,
        service: AnimationService,
        workers: Workers,
        queue: JobQueue,
        history: History,
        stopped: Mapping[str, str],
    ) -> None:
        self._stopped = stopped
        self._workers = workers
        self._path = path
        self._service = service
        self._queue = queue
        self._history = history
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen from now on; raises `Misconfigured`."""
        check_length(self._path)
        self._path.unlink(missing_ok=True)  # of a killed process: the instance lock is ours
        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(
                self._serve, path=str(self._path.absolute()), limit=MAX_LINE
            )
        except OSError as error:
            raise Misconfigured(
                f"The control socket in data_dir cannot be made: {system_words(error)}."
            ) from None
        finally:
            os.umask(mask)

    async def run(self) -> None:
        """Answer until this is cancelled; opened before."""
        assert self._server is not None
        try:
            async with self._server:
                await self._server.serve_forever()
        finally:
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await self._answer(await reader.readline())
        except AnimationError as error:
            answer = {"refused": [error.code, error.reason, dict(error.facts)]}
        except Unwritable as error:
            answer = {"error": f"The program cannot answer: {error}; please try again."}
        except ValueError:
            answer = {"error": "That is not a command."}
        try:
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except ConnectionError:
            return

    async def _answer(self, line: bytes) -> dict[str, Any]:
        command = json.loads(line)
        match command:
            case {"command": "list", "page": int(page)} if page > 0:
                told = await report(await self._queue.state(), self._history, page=page)
                return {**told.as_json(), "engines": await self._engines()}
            case {"command": "engines"}:
                return {"engines": await self._engines()}
            case {"command": "drain" | "resume" as word, "engine": str(name)}:
                known = self._workers.drain if word == "drain" else self._workers.resume
                if not known(name):
                    names = ", ".join(state.name for state in self._workers.states())
                    return {"error": f"There is no engine {name}; there are {names}."}
            case {"command": "stopped"}:
                return {"stopped": dict(self._stopped)}
            case {"command": "cancel", "id": str(job_id)}:
                await self._service.view(job_id)
                if not await self._service.cancel(job_id):
                    return {"error": f"{job_id} has ended already."}
            case {"command": str(word)} if word in MODES:
                await self._queue.set_mode(MODES[word])
            case _:
                return {"error": "That is not a command."}
        return (await report(await self._queue.state(), self._history, size=0)).as_line()

    async def _engines(self) -> list[dict[str, Any]]:
        clips = await self._history.clips_by_engine(time.time() - HOUR)
        return [state.as_json(clips.get(state.name, 0)) for state in self._workers.states()]


async def ask(path: Path, command: dict[str, str | int]) -> dict[str, Any]:
    """Send one command to the running program; raises `NotRunning`."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(path.absolute()))
    except OSError:
        raise NotRunning from None
    writer.write(json.dumps(command).encode() + b"\n")
    await writer.drain()
    line = await reader.read()
    writer.close()
    if not line:
        raise NotRunning
    answer: dict[str, Any] = json.loads(line)
    return answer


def _brief(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "status": job.status.value,
        "requester": str(job.requester),
        "prompt": job.request.prompt,
        "created_at": job.created_at.isoformat(timespec="seconds"),
    }
