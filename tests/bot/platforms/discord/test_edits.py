"""At most five edits of a message in five seconds, ever."""

from __future__ import annotations

from pathlib import Path

from bot.platforms.discord.edits import MOST, WINDOW, Edits
from bot.platforms.parts import Steady
from generation.store.database import Database
from generation.store.sends import Sends


class Time:
    """Passes by itself while somebody sleeps; `begun`: as another clock counts it from there."""

    def __init__(self, other: Time | None = None, begun: float = 0.0) -> None:
        self._now = 1_800_000_000.0
        self._other = other
        self._begun = begun

    def __call__(self) -> float:
        return self._now if self._other is None else self._other() - self._begun

    async def sleep(self, seconds: float) -> None:
        self._now += seconds


async def test_the_budget_of_a_message_survives_a_restart(tmp_path: Path) -> None:
    time, made = Time(), []
    database = await Database.open(tmp_path / "photoplay.db")
    try:
        for _ in range(6):  # a program that is started again and again
            steady = Time(time, time() - 7.0)  # its own clock begins anew
            edits = Edits(Sends(database, clock=time), Steady(steady, time.sleep))
            for _ in range(3):
                await edits.turn(5)
                made.append(time())
                await time.sleep(0.1)
            await edits.turn(6)
            assert edits.wait(7) == 0
    finally:
        await database.close()
    for first, sixth in zip(made, made[MOST:], strict=False):
        assert sixth - first >= WINDOW


async def test_progress_leaves_an_edit_for_the_result(tmp_path: Path) -> None:
    time = Time()
    database = await Database.open(tmp_path / "photoplay.db")
    try:
        edits = Edits(Sends(database, clock=time), Steady(time, time.sleep))
        for _ in range(MOST - 1):
            await edits.turn(5)
        assert edits.wait(5, spare=1) == WINDOW
        assert edits.wait(5) == 0
    finally:
        await database.close()
