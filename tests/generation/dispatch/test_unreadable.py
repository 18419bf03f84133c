"""A stored request that this version cannot read fails alone; the queue and every list go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.language.catalogue import load_texts
from bot.language.reasons import failed
from generation.events import Failed, Succeeded
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, BEN, house, wish
from tests.generation.dispatch.test_service import until_ended


@pytest.mark.parametrize("stored", ["", "no json", "[]", '{"prompt": "of a later version"}'])
async def test_a_request_that_nobody_can_read_fails_with_a_sentence_and_the_next_is_made(
    stored: str, tmp_path: Path
) -> None:
    engine = SteppedEngine()
    async with house(tmp_path, engine) as home:
        broken = await home.service.submit(wish(), ANN)
        sound = await home.service.submit(wish("the sea"), BEN)
        await home.database.rows(
            "UPDATE jobs SET request = :stored, notes = :stored WHERE id = :id",
            {"stored": stored, "id": broken.job_id},
        )
        async with home.at_work():
            outcome = (await until_ended(home, broken.job_id)).outcome
            assert isinstance(outcome, Failed)
            assert outcome.reason == "unreadable"
            assert "ask again" in failed(load_texts().of(None), outcome)
            engine.finish(await engine.begun.get())
            assert isinstance((await until_ended(home, sound.job_id)).outcome, Succeeded)
        assert len(await home.service.videos(ANN)) == 1
        assert await home.history.needed_inputs() is not None
        assert [one.job_id for one in await home.forgetting.forget(ANN)] == [broken.job_id]
        assert await home.service.videos(ANN) == []
