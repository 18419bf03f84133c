"""Joining in a process of its own: the same film, the same failures, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import psutil
import pytest

from generation.media.errors import EncodingFailed
from generation.media.joining.child import FilmOrder, join_in_child
from generation.media.joining.film import FilmScene, FilmStyle, Transition
from generation.media.probe import probe
from tests.generation.images.decoders import until
from tests.generation.media.joining.scenes import scene, worded

pytestmark = pytest.mark.slow


def order(folder: Path, *clips: Path) -> FilmOrder:
    return FilmOrder(
        scenes=tuple(FilmScene(clip, "words") for clip in clips),
        target=folder / "film.mp4",
        style=FilmStyle(Transition.CROSSFADE),
        recipe={"engine": "camera"},
    )


async def test_a_child_joins_and_says_what_came_of_it(tmp_path: Path) -> None:
    clip = scene(tmp_path / "clip.mp4", 90, worded("words"))
    film = await join_in_child(order(tmp_path, clip, clip), os.environ)
    assert film.path == tmp_path / "film.mp4"
    assert probe(film.path).frames == film.frames == 17 + 17 - 5
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")
    with pytest.raises(EncodingFailed) as failure:
        await join_in_child(order(tmp_path, broken), os.environ)
    assert "are no box" in failure.value.__notes__[0]


async def test_a_cancelled_film_leaves_no_process(tmp_path: Path) -> None:
    clip = scene(tmp_path / "clip.mp4", 90, worded("words", 241))
    joining = asyncio.create_task(join_in_child(order(tmp_path, *[clip] * 4), os.environ))
    me = psutil.Process()
    await until(lambda: bool(me.children()))
    joining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await joining
    await until(lambda: not me.children(recursive=True))
    assert not (tmp_path / "film.mp4").exists()
