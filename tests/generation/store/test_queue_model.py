"""The queue against a model of a few lines: whatever order things happen in, both agree."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from generation.events import Failed
from generation.jobs import Clip, Job, Requester
from generation.store.database import Database
from generation.store.history import History
from generation.store.job_queue import JobQueue
from tests.fakes.program.core import NO_LIMITS, PSEUDONYMS, Clock, claimed, wish

pytestmark = pytest.mark.slow


@dataclass
class Model:
    """Start-time fair queueing in its textbook form."""

    time: int = 0
    waiting: list[tuple[int, int, str, str]] = field(default_factory=list)
    started: dict[str, int] = field(default_factory=dict)
    running: dict[str, tuple[int, int, str, str]] = field(default_factory=dict)

    def put(self, seq: int, user: str, job: str) -> None:
        mine = [turn for turn, _, who, _ in self.waiting if who == user]
        last = max([*mine, self.started.get(user, 0)], default=0)
        self.waiting.append((max(1 + last, self.time), seq, user, job))

    def claim(self) -> str:
        entry = min(self.waiting)
        self.waiting.remove(entry)
        self.running[entry[3]] = entry
        self.time = max(self.time, entry[0])
        self.started[entry[2]] = max(self.started.get(entry[2], 0), entry[0])
        return entry[3]

    def put_back(self, job: str) -> None:
        self.waiting.append(self.running.pop(job))


FAILED = Failed("generation_failed", "unexpected")


class QueueAgainstModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "photoplay.db"
        self.model = Model()
        self.jobs: dict[str, Job] = {}
        self._open()

    def _open(self) -> None:
        self.database = self.loop.run_until_complete(Database.open(self.path))
        self.queue = JobQueue(self.database, pseudonyms=PSEUDONYMS, clock=Clock())

    @rule(user=st.sampled_from("abc"))
    def put(self, user: str) -> None:
        put = self.loop.run_until_complete(
            self.queue.put(wish(), Requester("web", user), NO_LIMITS)
        )
        self.model.put(put.seq, user, put.job_id)

    @rule()
    def claim(self) -> None:
        if self.model.waiting:
            job = self.loop.run_until_complete(claimed(self.queue, "e"))
            assert job.id == self.model.claim()
            self.jobs[job.id] = job

    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        if self.model.running:
            job = self.jobs[data.draw(st.sampled_from(sorted(self.model.running)))]
            clip = Clip(Path("c.mp4"), 64, 64, 9, 24, 7, 1)
            change = data.draw(st.sampled_from(["succeed", "fail", "release", "crash", "cancel"]))
            run = self.loop.run_until_complete
            match change:
                case "succeed":
                    done = run(
                        self.queue.succeed(job.id, job.attempt, clip, render_seconds=1, notes=())
                    )
                case "fail":
                    done = run(self.queue.fail(job.id, job.attempt, FAILED))
                case "release":
                    done = run(self.queue.release(job.id, job.attempt))
                case "crash":
                    done = run(self.queue.crash(job.id, job.attempt, limit=999))
                case _:
                    done = run(self.queue.cancel(job.id)) is not None
            assert done
            if change in {"release", "crash"}:
                self.model.put_back(job.id)
            else:
                del self.model.running[job.id]

    @rule(data=st.data())
    def cancel_a_waiting_one(self, data: st.DataObject) -> None:
        if self.model.waiting:
            entry = data.draw(st.sampled_from(sorted(self.model.waiting)))
            stopped = self.loop.run_until_complete(self.queue.cancel(entry[3]))
            assert stopped is not None
            assert not stopped.running
            self.model.waiting.remove(entry)

    @rule()
    def restart(self) -> None:
        self.loop.run_until_complete(self.database.close())
        self._open()
        assert self.loop.run_until_complete(self.queue.recover()) == len(self.model.running)
        for job in list(self.model.running):
            self.model.put_back(job)

    @invariant()
    def the_line_is_the_models(self) -> None:
        line = self.loop.run_until_complete(self.queue.waiting())
        assert list(line) == [job for *_, job in sorted(self.model.waiting)]
        counts = self.loop.run_until_complete(History(self.database).counts())
        assert counts["running"] == len(self.model.running)

    def teardown(self) -> None:
        self.loop.run_until_complete(self.database.close())
        self.loop.close()
        self.folder.cleanup()


TestQueueAgainstModel = QueueAgainstModel.TestCase
TestQueueAgainstModel.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, derandomize=True
)
