"""What is written into chats passes one gate: no oftener than Telegram takes, and none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from telegram.error import NetworkError, RetryAfter

from bot.platforms.telegram.outgoing import Outgoing, Urgency
from generation.store.database import Database
from generation.store.sends import Sends

pytestmark = pytest.mark.slow

PRIVATE, OTHER, GROUP = 55, 56, -900


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as the program does


class Seconds:
    """A time that jumps to whatever is waited for as soon as nobody has anything else to do."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._due: list[tuple[float, asyncio.Event]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        self._due.append((self.now + seconds, event))
        await event.wait()

    async def pass_until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not done():
                for _ in range(4):
                    await asyncio.sleep(0.001)
                if self._due and not done():
                    first = min(self._due, key=lambda one: one[0])
                    self._due.remove(first)
                    self.now = max(self.now, first[0])
                    first[1].set()


class Chats:
    """Writes down what was written where and when, and refuses what it is told to."""

    def __init__(self, outgoing: Outgoing, seconds: Seconds) -> None:
        self.outgoing = outgoing
        self.seconds = seconds
        self.written: list[tuple[float, int, str]] = []
        self.refusals: dict[int, int] = {}

    def write(self, chat: int, what: str) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            if chat in self.refusals:
                raise RetryAfter(self.refusals.pop(chat))
            self.written.append((self.seconds(), chat, what))

        return write

    def whats(self) -> list[str]:
        return [what for _, _, what in self.written]

    def most_within(self, seconds: float, chat: int | None = None) -> int:
        moments = [at for at, where, _ in self.written if chat in (None, where)]
        return max(sum(at <= one < at + seconds for one in moments) for at in moments)


@asynccontextmanager
async def chats(folder: Path) -> AsyncGenerator[Chats]:
    seconds = Seconds()
    database = await Database.open(folder / "photoplay.db")
    try:
        sends = Sends(database, clock=seconds)
        yield Chats(Outgoing(sends, clock=seconds, sleep=seconds.sleep), seconds)
    finally:
        await database.close()


async def test_a_chat_gets_one_message_a_second(tmp_path: Path) -> None:
    async with chats(tmp_path) as at, asyncio.TaskGroup() as tasks:
        for number in range(5):
            write = at.write(PRIVATE, str(number))
            tasks.create_task(at.outgoing.call(PRIVATE, Urgency.ANSWER, write))
        await at.seconds.pass_until(lambda: len(at.written) == 5)
        assert at.most_within(1.0) == 1
        assert at.whats() == ["0", "1", "2", "3", "4"]


async def test_a_group_gets_twenty_messages_a_minute_and_none_is_dropped(tmp_path: Path) -> None:
    async with chats(tmp_path) as at, asyncio.TaskGroup() as tasks:
        for number in range(45):
            write = at.write(GROUP, str(number))
            tasks.create_task(at.outgoing.call(GROUP, Urgency.ANSWER, write))
        await at.seconds.pass_until(lambda: len(at.written) == 45)
        assert at.most_within(60.0) == 20


async def test_everybody_together_gets_twenty_five_messages_a_second(tmp_path: Path) -> None:
    async with chats(tmp_path) as at, asyncio.TaskGroup() as tasks:
        for chat in range(1, 101):
            write = at.write(chat, "hello")
            tasks.create_task(at.outgoing.call(chat, Urgency.ANSWER, write))
        await at.seconds.pass_until(lambda: len(at.written) == 100)
        assert at.most_within(1.0) == 25


async def test_a_result_goes_before_answers_that_came_earlier(tmp_path: Path) -> None:
    async with chats(tmp_path) as at, asyncio.TaskGroup() as tasks:
        for number in range(3):
            write = at.write(PRIVATE, f"answer {number}")
            tasks.create_task(at.outgoing.call(PRIVATE, Urgency.ANSWER, write))
        await at.seconds.pass_until(lambda: bool(at.written))
        clip = at.write(PRIVATE, "clip")
        tasks.create_task(at.outgoing.call(PRIVATE, Urgency.RESULT, clip))
        await at.seconds.pass_until(lambda: len(at.written) == 4)
        assert at.whats() == ["answer 0", "clip", "answer 1", "answer 2"]


async def test_progress_leaves_a_group_room_for_results_and_waits_in_no_line(
    tmp_path: Path,
) -> None:
    async with chats(tmp_path) as at:
        while at.outgoing.room(GROUP) <= 1.1:
            at.seconds.now += at.outgoing.room(GROUP)
            await at.outgoing.call(GROUP, Urgency.PROGRESS, at.write(GROUP, "progress"))
        assert len(at.written) == 15
        at.seconds.now += 1.1
        await at.outgoing.call(GROUP, Urgency.RESULT, at.write(GROUP, "clip"))
        assert at.whats()[-1] == "clip"


async def test_patience_holds_its_own_chat_alone_and_the_answer_comes_later(
    tmp_path: Path,
) -> None:
    async with chats(tmp_path) as at, asyncio.TaskGroup() as tasks:
        at.refusals[PRIVATE] = 12
        began = at.seconds()
        tasks.create_task(at.outgoing.patiently(PRIVATE, at.write(PRIVATE, "patient")))
        await asyncio.sleep(0.05)
        tasks.create_task(at.outgoing.patiently(OTHER, at.write(OTHER, "at once")))
        await at.seconds.pass_until(lambda: len(at.written) == 2)
        (first, where, _), (second, _, _) = at.written
        assert (where, first - began) == (OTHER, 0.0)
        assert second - began >= 12.0


async def test_a_result_that_is_refused_says_so_for_who_keeps_it(tmp_path: Path) -> None:
    async with chats(tmp_path) as at:
        at.refusals[PRIVATE] = 12
        with pytest.raises(RetryAfter):
            await at.outgoing.call(PRIVATE, Urgency.RESULT, at.write(PRIVATE, "clip"))
        assert at.outgoing.room(PRIVATE) == pytest.approx(12.0)


async def test_a_restart_in_the_middle_of_a_minute_does_not_begin_to_count_anew(
    tmp_path: Path,
) -> None:
    async with chats(tmp_path) as at:
        for number in range(20):
            at.seconds.now += 1.1
            await at.outgoing.call(GROUP, Urgency.ANSWER, at.write(GROUP, str(number)))
        again = Outgoing(at.outgoing._sends, clock=at.seconds, sleep=at.seconds.sleep)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(again.call(GROUP, Urgency.RESULT, at.write(GROUP, "clip")))
            await at.seconds.pass_until(lambda: len(at.written) == 21)
        assert at.most_within(60.0) == 20


@pytest.mark.parametrize(
    ("cause", "written"), [(httpx.ConnectError("away"), 1), (httpx.ReadError("cut"), 0)]
)
async def test_an_answer_waits_for_the_network_unless_it_may_have_been_taken(
    tmp_path: Path, cause: Exception, written: int
) -> None:
    async with chats(tmp_path) as at:
        away = [cause] * 3

        async def send() -> None:
            if away:
                raise NetworkError("httpx") from away.pop()
            await at.write(PRIVATE, "answer")()

        answer = asyncio.create_task(at.outgoing.patiently(PRIVATE, send))
        await at.seconds.pass_until(answer.done)
        assert len(at.written) == written
        assert (answer.exception() is None) is bool(written)
