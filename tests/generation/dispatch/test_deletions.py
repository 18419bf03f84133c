"""Somebody deletes everything they have at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from generation.jobs import EarlierScene, FilmRequest, NewScene
from generation.media.joining.film import FilmStyle
from generation.store.quota import Exempt
from tests.fakes.engine.stepped import SteppedEngine
from tests.fakes.program.core import ANN, house, wish
from tests.generation.dispatch.films import put


async def test_what_is_deleted_at_once_is_gone_and_each_was_deleted_once(tmp_path: Path) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        asked = [await home.service.submit(wish(), ANN, allowance=Exempt()) for _ in range(6)]
        ids = [one.job_id for one in asked]
        for ended in ids[:4]:
            await home.service.cancel(ended)
            home.workspace.clip(ended).touch()
        assert await asyncio.gather(*map(home.service.delete, ids)) == [True] * 6
        assert await asyncio.gather(*map(home.service.delete, ids)) == [False] * 6
        assert await home.service.videos(ANN) == []
        assert not list(home.workspace.clips.iterdir())


async def test_films_that_are_deleted_together_take_the_scenes_that_both_show(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, SteppedEngine()) as home:
        other = await home.service.submit(wish(), ANN)
        film = await put(home, 2)
        await home.service.cancel(film.job_id)
        scenes = [one.job for one in (await home.service.view(film.job_id)).scenes]
        shown = [EarlierScene(one.id, one.request) for one in scenes]
        newer = await home.service.submit_film(
            FilmRequest((*shown, NewScene(wish())), FilmStyle(), remixed_from=film.job_id),
            ANN,
            allowance=Exempt(),
        )
        await home.service.cancel(newer.job_id)
        all_three = (other.job_id, film.job_id, newer.job_id)
        assert all(await asyncio.gather(*map(home.service.delete, all_three)))
        rows = [await home.core.store.history.job(one.id) for one in scenes]
        assert rows == [None, None]
