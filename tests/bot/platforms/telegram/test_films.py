"""Films on Telegram: out of an album and a scene a line, made scene by scene, one of them again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from generation.jobs import Requester
from generation.media.joining.film import FilmStyle, Transition
from generation.store.quota import Limits
from tests.bot.platforms.telegram.test_albums import album, offer, tap
from tests.bot.platforms.telegram.test_references import input_of
from tests.bot.platforms.telegram.test_story import labels
from tests.fakes.program.transport import settled
from tests.fakes.telegram.chat import Talk, talk
from tests.fakes.telegram.double import GROUP, PRIVATE
from tests.generation.dispatch.films import made
from tests.generation.media.clips import a_clip

pytestmark = pytest.mark.slow

TEN_AN_HOUR = Limits(queued_per_user=3, per_hour=10, per_day=None, queue_size=99)
BOARD = "/animate seconds=1\n1. the sea\n2. the storm\n3. calm again (2 s)\n4. night"


@pytest.fixture(scope="module")
def scene_clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_clip(tmp_path_factory.mktemp("scene") / "clip.mp4")


async def status(at: Talk, says: str) -> dict[str, Any]:
    """The message that says so, as soon as it may be edited."""
    async with asyncio.timeout(30):
        while True:
            for one in at.telegram.shown():
                if says in str(one.get("text")):
                    return one
            at.home.clock.pass_(3.0)
            await asyncio.sleep(0.01)


async def filmed(at: Talk, clip: bytes, *, broken: int | None = None) -> dict[str, Any]:
    """What comes of an album of four as a film, one scene of which may fail."""
    await album(at, "/storyboard seconds=1 it moves")
    for number in range(4):
        await made(at.engine, clip, broken=number == broken)
    return await at.clip()


async def test_an_album_with_a_scene_a_line_becomes_one_film(
    tmp_path: Path, scene_clip: bytes
) -> None:
    async with talk(tmp_path, limits=TEN_AN_HOUR) as at:
        first, *_ = await album(at, BOARD)
        told = await at.said()
        assert told.startswith("4 scenes count as 4 of your 10 clips an hour.")
        sea = await made(at.engine, scene_clip)
        assert (input_of(at, sea), sea.request.prompt) == (b"one", "the sea")
        await status(at, "Scene 2 of 4")
        await at.restart()
        assert labels(await status(at, "Scene 2 of 4")) == ["Cancel"]
        rest = [(await made(at.engine, scene_clip)).request for _ in range(3)]
        assert [one.prompt for one in rest] == ["the storm", "calm again", "night"]
        assert [one.num_frames for one in rest] == [25, 49, 25]
        film = await at.clip()
        assert film["answers"]["message_id"] == first["message_id"]
        assert film["caption"] == "the sea\n1.5 s"


async def test_a_missing_scene_is_named_and_made_again_alone(
    tmp_path: Path, scene_clip: bytes
) -> None:
    async with talk(tmp_path) as at:
        film = await filmed(at, scene_clip, broken=1)
        assert "Scene 2 could not be made" in film["caption"]
        assert labels(film) == ["Make the missing scene", "Extend", "Recipe", "Delete"]
        await tap(at, film, "Make the missing scene")
        assert "not finished yet" in str(await tap(at, film, "Make the missing scene"))
        again = await made(at.engine, scene_clip)
        assert input_of(at, again) == b"two"
        await at.telegram.until(lambda: len(at.clips()) == 2)
        whole = at.clips()[-1]
        assert "could not be made" not in whole["caption"]
        assert labels(whole) == ["Extend", "Recipe", "Delete"]
        await tap(at, whole, "Recipe")
        assert "4. it moves (1 s)" in str(at.telegram.shown()[-1]["text"])


async def test_the_answer_to_an_albums_question_may_be_a_film_and_cancel_ends_it(
    tmp_path: Path, scene_clip: bytes
) -> None:
    async with talk(tmp_path) as at:
        await album(at, "/animate seconds=1 it moves")
        await tap(at, await offer(at), "A film")
        await made(at.engine, scene_clip)
        await at.begun()
        await tap(at, await status(at, "Scene 2 of 4"), "Cancel")
        await status(at, "Cancelled.")
        await settled()
        assert at.engine.begun.empty()
        assert len(at.telegram.shown(PRIVATE)) == 1


async def test_of_an_album_with_variations_the_clips_are_counted_and_not_the_scenes(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path, limits=TEN_AN_HOUR) as at:
        await album(at, "/animate variations=2 it moves")
        question = str((await offer(at))["text"])
        assert question.endswith("8 clips count as 8 of your 10 an hour.")
        assert "scenes" not in question


async def test_storyboard_answers_a_picture_and_its_scenes_go_on(
    tmp_path: Path, scene_clip: bytes
) -> None:
    async with talk(tmp_path) as at:
        photo = await at.photo(None)
        await at.said()
        lines = "/storyboard Crossfade\n- the sea\n- the storm seconds=1"
        await at.telegram.say(text="/storyboard the sea", reply_to_message=photo)
        assert "with the caption /storyboard" in await at.said(count=2)
        await at.telegram.say(text=lines, reply_to_message=photo)
        await made(at.engine, scene_clip)
        storm = await made(at.engine, scene_clip)
        assert (storm.request.prompt, input_of(at, storm)[:4]) == ("the storm", b"\x89PNG")
        film = await at.clip()
        [listed] = await at.home.service.videos(Requester("telegram", str(PRIVATE)))
        assert listed.job.request.film == FilmStyle(Transition.CROSSFADE)
        assert "not" not in film["caption"]


async def test_storyboard_answers_any_picture_of_an_album_that_was_nobodys_business(
    tmp_path: Path,
) -> None:
    async with talk(tmp_path) as at:
        _, second, *_ = await album(at, None, GROUP)
        lines = "/storyboard\nthe sea\nthe storm"
        await at.telegram.say(chat=GROUP, user=66, text=lines, reply_to_message=second)
        sea = await at.begun()
        assert (input_of(at, sea), sea.request.prompt) == (b"one", "the sea")
        [film] = await at.home.service.videos(Requester("telegram", "66"))
        words = [scene.job.request.prompt for scene in film.scenes]
        assert words == ["the sea", "the storm", "", ""]


@pytest.mark.parametrize(
    ("board", "said"),
    [
        ("seconds=1 variations=2\nsea\nstorm", "Variations: a film does not take this"),
        ("transition=wipe\nsea\nstorm", "Transition: please choose cut or crossfade."),
        ("1. sea\n2. storm frames=10", "Scene 2: The number of frames has to be 8k+1"),
        ("\n".join(f"{one}. sea" for one in range(1, 12)), "2 to 10 scenes; here are 11."),
    ],
)
async def test_what_makes_no_film_is_said_with_its_scene(
    tmp_path: Path, board: str, said: str
) -> None:
    async with talk(tmp_path) as at:
        await album(at, f"/storyboard {board}")
        assert said in await at.said()
        assert at.engine.begun.empty()


async def test_a_scene_that_was_cancelled_alone_is_said_to_be(
    tmp_path: Path, scene_clip: bytes
) -> None:
    async with talk(tmp_path) as at:
        await album(at, "/storyboard seconds=1 it moves")
        await made(at.engine, scene_clip)
        [film] = await at.home.service.videos(Requester("telegram", str(PRIVATE)))
        await at.home.service.cancel(film.scenes[2].job.id)
        await made(at.engine, scene_clip)
        await made(at.engine, scene_clip)
        shown = await at.clip()
        assert "Scene 3 was cancelled" in shown["caption"]
        assert labels(shown)[0] == "Make the missing scene"


async def test_two_peoples_films_are_made_scene_by_scene_in_turn(
    tmp_path: Path, scene_clip: bytes
) -> None:
    lines = "/storyboard seconds=1\n{0} 1\n{0} 2\n{0} 3\n{0} 4"
    async with talk(tmp_path) as at:
        for chat, who in ((1, "ann"), (2, "ben")):
            await album(at, lines.format(who), chat, chat)
            await at.said(chat)
        words = [(await made(at.engine, scene_clip)).request.prompt for _ in range(8)]
        assert words[1:7] == ["ben 1", "ann 2", "ben 2", "ann 3", "ben 3", "ann 4"]
        assert [(await at.clip(chat))["caption"][:5] for chat in (1, 2)] == ["ann 1", "ben 1"]


async def test_a_film_over_the_upload_limit_comes_as_a_smaller_copy(
    tmp_path: Path, scene_clip: bytes
) -> None:
    async with talk(tmp_path) as at:
        await album(at, "/storyboard seconds=1 it moves")
        at.telegram.fail("editMessageMedia", 413, "Request Entity Too Large")
        for _ in range(4):
            await made(at.engine, scene_clip)
        film = await at.clip()
        assert len(at.copies.made) == 1
        assert labels(film) == ["Extend", "Recipe", "Delete"]


async def test_a_film_of_ours_that_comes_back_is_told_scene_by_scene(
    tmp_path: Path, scene_clip: bytes
) -> None:
    async with talk(tmp_path) as at:
        whole = at.telegram.assets[(await filmed(at, scene_clip))["video"]["file_id"]]["data"]
        video = at.telegram.picture(whole, "video") | {"mime_type": "video/mp4", "duration": 1}
        await at.telegram.say(video=video | {"thumbnail": at.telegram.picture(b"cover")})
        told = await at.said(count=2)
        assert told.startswith("1. ")
        assert "That is a film of mine" in told
