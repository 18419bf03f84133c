"""An update is kept once, taken up again at every start but not for ever, and then forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

import pytest

from generation.jobs import Requester
from generation.store.database import Database
from generation.store.dealing import Dealing
from generation.store.forgetting import Forgetting
from generation.store.inbox import GIVEN_UP, KEPT, MOST_TRIES, Inbox, Left, Update
from generation.store.message_references import ChatMessage, MessageReferences
from generation.store.pseudonym import Pseudonyms
from tests.fakes.program.core import Clock

BOT = "telegram:7"
PICTURE, WORDS, LATER = (ChatMessage("telegram", 55, number) for number in (1, 2, 3))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    database = await Database.open(tmp_path / "photoplay.db")
    yield database
    await database.close()


@pytest.fixture
def inbox(database: Database, clock: Clock) -> Inbox:
    return Inbox(database, clock=clock)


@pytest.fixture
def references(database: Database, clock: Clock) -> MessageReferences:
    return MessageReferences(database, clock=clock)


async def put(inbox: Inbox, *numbers: int, bot: str = BOT) -> set[int]:
    updates = [Update(number, "55", f"content {number}") for number in numbers]
    return await inbox.put("telegram", bot, updates)


async def test_an_update_is_new_once_also_after_it_was_dealt_with(inbox: Inbox) -> None:
    assert await put(inbox, 1, 2) == {1, 2}
    assert await put(inbox, 2, 3) == {3}
    await inbox.done(BOT, [1, 2])
    assert await put(inbox, 1, 2, 3) == set()
    assert await inbox.waiting(BOT) == [Left(3, "content 3")]


async def test_another_bot_has_numbers_of_its_own(inbox: Inbox) -> None:
    await put(inbox, 1)
    assert await put(inbox, 1, bot="telegram:8") == {1}
    await inbox.done(BOT, [1])
    assert await inbox.waiting("telegram:8") == [Left(1, "content 1")]


async def test_only_what_is_dealt_with_when_the_program_ends_is_tried_and_then_given_up(
    inbox: Inbox,
) -> None:
    await put(inbox, 1, 2)
    for tries in range(MOST_TRIES):
        [left, other] = await inbox.waiting(BOT)
        assert (left.tries, left.given_up, other.tries) == (tries, False, 0)
        with suppress(asyncio.CancelledError):  # a clean stop
            async with Dealing(inbox, BOT, [1, 2]).counted():
                raise asyncio.CancelledError
        async with Dealing(inbox, BOT, [1]).counted():  # and a kill: nobody is done with it
            dealing_with_two = Dealing(inbox, BOT, [2])
            async with dealing_with_two.counted(), dealing_with_two.elsewhere():
                assert [one.tries for one in await inbox.waiting(BOT)] == [tries + 1, 0]
            await inbox.tried(BOT, [2], -1)
    assert [one.given_up for one in await inbox.waiting(BOT)] == [True, False]


async def test_of_what_was_tried_before_one_at_a_time_is_at_risk(inbox: Inbox) -> None:
    await put(inbox, 1, 2)
    alone, two = asyncio.Lock(), asyncio.Event()

    async def second() -> None:
        async with Dealing(inbox, BOT, [2], alone).counted():
            two.set()

    first = Dealing(inbox, BOT, [1], alone)
    async with first.counted():
        task = asyncio.create_task(second())
        await asyncio.sleep(0)
        assert [one.tries for one in await inbox.waiting(BOT)] == [1, 0]
        async with first.elsewhere():
            await two.wait()
            assert [one.tries for one in await inbox.waiting(BOT)] == [0, 1]
    await task


async def test_numbers_go_after_a_day_and_what_waits_does_not(inbox: Inbox, clock: Clock) -> None:
    await put(inbox, 1, 2)
    await inbox.done(BOT, [1])
    clock.pass_(KEPT + 1)
    await inbox.thin()
    assert await put(inbox, 1, 2) == {1}
    clock.pass_(GIVEN_UP + 1)
    await inbox.thin()
    assert await inbox.waiting(BOT) == []


async def test_words_are_for_the_newest_picture_until_others_were(
    references: MessageReferences,
) -> None:
    await references.remember(PICTURE, "a picture", user="55", is_open=True)
    assert await references.open(LATER) == "a picture"
    await references.use(WORDS)
    assert await references.open(WORDS) == "a picture"  # the same words, after a kill
    assert await references.open(LATER) is None
    assert await references.about(PICTURE) == "a picture"


async def test_whoever_has_everything_forgotten_leaves_nothing_here(
    database: Database, clock: Clock, inbox: Inbox, references: MessageReferences
) -> None:
    await put(inbox, 1)
    await references.remember(PICTURE, "a picture", user="55", is_open=True)
    forgetting = Forgetting(database, Pseudonyms(b"secret"), clock=clock)
    await forgetting.forget(Requester("telegram", "55"))
    assert await inbox.waiting(BOT) == []
    assert await references.about(PICTURE) is None
