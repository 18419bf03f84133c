"""Beside the videos themselves: limits, directions, favorites, and several clips as one file."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import httpx
import pytest

from bot.platforms.web.archive import zipped
from tests.bot.platforms.web.test_api import finished, made, post
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

TINY = {"num_frames": "9", "size": "64x64"}


@pytest.fixture(scope="module")
def videos(server: Program, photograph_bytes: bytes) -> list[dict[str, Any]]:
    with httpx.Client(base_url=server.url, timeout=60) as http:
        return [made(http, photograph_bytes, **TINY) for _ in range(2)]


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    settings = {
        "PHOTOPLAY_WEB__API_KEYS": '{"alice": "a-key-of-alices-own"}',
        "PHOTOPLAY_LIMITS__PER_HOUR": "2",
    }
    with Program(tmp_path_factory.mktemp("limited") / "data", settings=settings) as running:
        yield running


@pytest.mark.slow
def test_a_caller_is_told_what_is_left_and_when_the_next_is_free(
    limited: Program, picture: bytes
) -> None:
    key = {"Authorization": "Bearer a-key-of-alices-own"}
    with httpx.Client(base_url=limited.url, headers=key, timeout=60) as http:
        me = http.get("/v1/me").json()
        assert (me["object"], me["name"], me["next_at"]) == ("me", "alice", None)
        assert me["limits"] == {"queued_per_user": 3, "per_hour": 2, "per_day": 40}
        assert me["left"] == me["limits"]
        for _ in range(2):
            finished(http, post(http, picture, **TINY).json()["id"])
        me = http.get("/v1/me").json()
        assert me["used"] == {"queued_per_user": 0, "per_hour": 2, "per_day": 2}
        assert me["left"] == {"queued_per_user": 3, "per_hour": 0, "per_day": 38}
        assert 3500 < me["next_at"] - time.time() <= 3601
    assert httpx.get(f"{limited.url}/v1/me").status_code == 401


def test_who_has_no_limits_has_nothing_counted_down(http: httpx.Client) -> None:
    me = http.get("/v1/me").json()
    assert me["name"] == "local"
    assert set(me["left"].values()) == {None}


def test_words_are_told_as_shots_and_effects(http: httpx.Client) -> None:
    def understood(prompt: str, language: str = "en") -> dict[str, Any]:
        spoken = {"Accept-Language": language}
        answer = http.post("/v1/directions", json={"prompt": prompt}, headers=spoken)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    told = understood("slowly push in, then pan left in the rain")
    assert told["shots"] == [
        [{"motion": "zoom-in", "speed": "slow", "degree": "normal"}],
        [{"motion": "pan-left", "speed": "normal", "degree": "normal"}],
    ]
    assert (told["effects"], told["understood"], told["language"]) == (["rain"], True, "en")
    assert told["notes"] == ["Camera: slow zoom in, then pan to the left.", "Weather: rain."]
    told = understood("kein Regen", "de-AT")
    assert (told["effects"], told["notes"]) == ([], ["Wetter: kein Regen."])
    assert (told["understood"], told["language"]) == (True, "de")
    told = understood("a lovely portrait")
    assert (told["shots"], told["notes"], told["understood"]) == ([], [], False)
    assert told["language"] is None


@pytest.mark.parametrize(
    ("body", "param"), [({"prompt": "x" * 2001}, "prompt"), ({}, "prompt"), ({"x": 1}, "prompt")]
)
def test_words_that_cannot_be_read_are_refused_by_name(
    http: httpx.Client, body: dict[str, object], param: str
) -> None:
    answer = http.post("/v1/directions", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_words_that_are_too_many_hear_the_limit_as_for_a_video(http: httpx.Client) -> None:
    answer = http.post("/v1/directions", json={"prompt": "x" * 2001})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "invalid_prompt")
    assert "2001 characters; 2000" in error["message"]


@pytest.mark.parametrize("mark", ["yes", "true", 1, 0, None])
def test_a_mark_is_true_or_false_and_nothing_like_it(
    http: httpx.Client, videos: list[dict[str, Any]], mark: object
) -> None:
    path = f"/v1/videos/{videos[1]['id']}"
    answer = http.patch(path, json={"favorite": mark})
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, "favorite")
    assert "true or false" in error["message"]
    assert http.get(path).json()["favorite"] is False


def test_a_video_is_marked_and_unmarked_as_a_favorite(
    http: httpx.Client, videos: list[dict[str, Any]]
) -> None:
    path = f"/v1/videos/{videos[0]['id']}"
    assert videos[0]["favorite"] is False
    for favorite in (True, False):
        answer = http.patch(path, json={"favorite": favorite})
        assert (answer.status_code, answer.json()["favorite"]) == (200, favorite)
        assert http.get(path).json()["favorite"] is favorite
    assert http.patch(path, json={"prompt": "x"}).status_code == 400
    assert http.patch("/v1/videos/video_none", json={"favorite": True}).status_code == 404


def test_several_clips_come_as_one_zip(http: httpx.Client, videos: list[dict[str, Any]]) -> None:
    ids = [video["id"] for video in videos]
    answer = http.get("/v1/videos/archive", params={"ids": ",".join([*ids, ids[0]])})
    assert answer.headers["content-type"] == "application/zip"
    with ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = [f"photoplay-{one.removeprefix('video_')}.mp4" for one in ids]
        assert archive.namelist() == names
        for name, one in zip(names, ids, strict=True):
            assert archive.getinfo(name).compress_type == ZIP_STORED
            assert archive.read(name) == http.get(f"/v1/videos/{one}/content").content


def test_a_zip_is_all_of_it_or_a_sentence(
    http: httpx.Client, picture: bytes, videos: list[dict[str, Any]]
) -> None:
    def asked(*ids: str) -> tuple[int, str]:
        answer = http.get("/v1/videos/archive", params={"ids": ",".join(ids)})
        return answer.status_code, answer.json()["error"]["code"]

    mine = videos[0]["id"]
    assert asked() == (400, "unsupported_option")
    assert asked(*(f"video_{number}" for number in range(101))) == (400, "unsupported_option")
    assert asked(mine, "video_none") == (404, "job_not_found")
    long = post(http, picture, num_frames="257", size="1280x1280").json()["id"]
    assert asked(mine, long) == (409, "not_finished")
    http.post(f"/v1/videos/{long}/cancel")
    assert asked(mine, long) == (404, "no_content")
    head = http.head("/v1/videos/archive", params={"ids": mine})
    assert (head.status_code, head.headers.get("content-length")) == (200, None)


def test_a_zip_is_made_while_it_is_sent_and_leaves_out_what_has_gone(tmp_path: Path) -> None:
    big, gone = tmp_path / "big", tmp_path / "gone"
    big.write_bytes(bytes(3_000_000))
    pieces = list(zipped([("a.mp4", big), ("b.mp4", gone), ("c.mp4", big)]))
    assert len(pieces) > 20
    assert max(map(len, pieces)) < 300_000
    with ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.namelist() == ["a.mp4", "c.mp4"]
        assert archive.testzip() is None


def test_a_model_says_how_long_a_usual_clip_takes(
    http: httpx.Client, videos: list[dict[str, Any]]
) -> None:
    [model] = http.get("/v1/models").json()["data"]
    assert model["estimate_seconds"] > 0
