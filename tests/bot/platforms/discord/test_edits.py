"""At most five edits of a message in five seconds, ever."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.discord.edits import MOST, WINDOW, Edits
from bot.platforms.parts import Steady
from generation.store.database import Database
from generation.store.sends import Sends
from tests.bot.platforms.discord.test_wire import PNG, Wire, wire


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


@pytest.mark.slow
async def test_over_the_wire_no_message_is_edited_more_often_whatever_is_pressed(
    tmp_path: Path,
) -> None:
    patches: list[float] = []
    async with wire(tmp_path) as at:
        began = await at.discord.animate(PNG)
        await at.finish()
        clip: Any = await at.clip()
        patches = [one.at for one in at.discord.heard("PATCH", f"{began.token}/messages/")]
        patches += await toggled(at, clip, 4)
    async with wire(tmp_path) as at:  # another program, which knows what the first one did
        at.discord.messages[clip["id"]] = clip
        patches += await toggled(at, clip, 3)
    for first, sixth in zip(patches, patches[MOST:], strict=False):
        assert sixth - first >= WINDOW - 0.2  # as they arrive


async def toggled(at: Wire, clip: dict[str, Any], times: int) -> list[float]:
    """When the message was edited by somebody who marks and unmarks it quickly."""
    job = re.findall(r"video_[a-z2-7]{18}", str(clip["components"]))[0]
    verbs = [("mark", "unmark")[number % 2] for number in range(times)]
    pressed = []
    for verb in verbs:
        button = {"type": 2, "style": 2, "label": verb, "custom_id": f"v1|{verb}|{job}"}
        shown = clip | {"components": [{"type": 1, "components": [button]}]}
        pressed.append(await at.discord.press(shown, f"v1|{verb}|{job}"))

    def edits() -> list[float]:
        paths = [f"/webhooks/.*/{one.token}/messages/@original$" for one in pressed]
        return sorted(edit.at for path in paths for edit in at.discord.heard("PATCH", path))

    await at.discord.until(lambda: len(edits()) == times)
    own = at.discord.heard("PATCH", f"^/channels/.*/messages/{clip['id']}$")
    return sorted([*edits(), *(one.at for one in own)])


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
