"""The way in for films: all scenes or none, told before, answered once, made again in part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.language.catalogue import load_texts
from bot.submission.films import told_before
from bot.submission.options import Changes
from bot.submission.person import Person
from bot.submission.scenes import SceneWish
from generation.engine.protocol import Done
from generation.errors import (
    Expired,
    JobNotFound,
    QuotaExceeded,
    RequestKeyReused,
    UnsupportedOption,
    Unwelcome,
)
from generation.jobs import Clip, Ticket
from generation.media.joining.film import FilmStyle, Transition
from tests.fakes.program.chat import FEW, KIM, ROOM, SEA, Chat, chatting
from tests.generation.media.clips import a_clip

SKY = replace(SEA, prompt="the sky")
ANEW = {"prompt": "anew"}
BOARD = (SceneWish(SKY, b"picture"), SceneWish(SEA))


async def film(
    at: Chat,
    *scenes: SceneWish,
    who: Person = KIM,
    key: str | None = None,
    style: FilmStyle | None = None,
) -> Ticket:
    async with at.submission.admitted(who, key=key) as admission:
        return await at.submission.films.make(
            admission, scenes or BOARD, style or FilmStyle(), address=ROOM
        )


async def again(at: Chat, film_id: str, number: int, changes: Changes = ANEW) -> Ticket:
    async with at.submission.admitted(KIM, key=None) as admission:
        return await at.submission.films.scene_again(
            admission, film_id, number, changes=changes, address=ROOM
        )


async def test_a_scene_that_is_refused_refuses_the_film_and_leaves_nothing(tmp_path: Path) -> None:
    gore = SceneWish(replace(SEA, prompt="gore"), b"picture")
    async with chatting(tmp_path, words=["gore"], limits=FEW) as at:
        with pytest.raises(Unwelcome) as unwelcome:
            await film(at, *BOARD, gore)
        assert unwelcome.value.param == "scenes[3].prompt"
        with pytest.raises(UnsupportedOption, match="not_in_film"):
            await film(at, BOARD[0], SceneWish(replace(SEA, loop=True)))
        with pytest.raises(UnsupportedOption) as refused:
            await film(at, BOARD[0], SceneWish(replace(SEA, seed=-9)))
        assert refused.value.param == "scenes[2].seed"
        with pytest.raises(UnsupportedOption, match="first_scene"):
            await film(at, BOARD[1], BOARD[0])
        with pytest.raises(QuotaExceeded, match="several_hour"):
            await film(at, *BOARD, *[BOARD[1]] * 8)
        assert at.inputs() == set()
        assert (await at.home.history.counts())["asked"] == 0


async def test_a_repeated_film_is_answered_like_the_first(tmp_path: Path) -> None:
    async with chatting(tmp_path) as at:
        first = await film(at, key="k")
        same = await film(at, key="k")
        assert (same.job_id, same.repeated) == (first.job_id, True)
        with pytest.raises(RequestKeyReused):
            await film(at, key="k", style=FilmStyle(Transition.CROSSFADE))
        assert len(at.inputs()) == 1
        assert (await at.home.history.counts()) == {"queued": 2, "running": 0, "asked": 1}


async def test_a_scene_is_made_again_as_a_scene_and_not_where_it_was_deleted(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path) as at:
        ticket = await film(at)
        await at.home.service.cancel(ticket.job_id)
        with pytest.raises(UnsupportedOption, match="not_in_film"):
            await again(at, ticket.job_id, 1, {"loop": True})
        second = (await at.home.service.view(ticket.job_id)).scenes[1]
        await at.home.service.delete(second.job.id)
        with pytest.raises(JobNotFound):
            await again(at, ticket.job_id, 2)


@pytest.mark.slow
async def test_a_film_whose_pictures_are_gone_is_mended_from_its_clips(tmp_path: Path) -> None:
    content = a_clip(tmp_path / "made.mp4")
    async with chatting(tmp_path / "data") as at, at.home.at_work():
        ticket = await film(at)
        with pytest.raises(UnsupportedOption, match="film_unfinished"):
            await again(at, ticket.job_id, 1)
        for _ in BOARD:
            await _made(at, content)
        async for _ in at.home.service.watch(ticket.job_id):
            pass
        for name in at.inputs():
            at.home.workspace.remove_input(name)
        newer = await again(at, ticket.job_id, 1)
        await _made(at, content)
        async for _ in at.home.service.watch(newer.job_id):
            pass
        scenes = (await at.home.service.view(newer.job_id)).scenes
        assert [one.job.request.prompt for one in scenes] == ["anew", SEA.prompt]
        at.home.workspace.remove_clip(scenes[1].job.id)
        with pytest.raises(Expired):
            await again(at, newer.job_id, 1)


async def _made(at: Chat, content: bytes) -> None:
    animation = await at.engine.begun.get()
    Path(animation.clip).write_bytes(content)
    clip = Clip(Path(animation.clip), 64, 64, 9, 24, 7, len(content))
    at.engine.tell(animation, Done(clip))


def test_it_is_told_before_what_a_film_counts_as_and_how_long_it_takes() -> None:
    english = load_texts().of("en")
    assert told_before(english, 4, most=10, takes=180.0) == (
        "4 scenes count as 4 of your 10 clips an hour. The film takes about 3 min."
    )
    assert told_before(english, 4, most=None, takes=None) == ""
