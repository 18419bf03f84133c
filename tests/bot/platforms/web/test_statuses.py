"""Every status that the description knows is produced once, where it is described."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.bot.platforms.web.test_api import LONG, made, post
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

TINY = {"num_frames": "9", "size": "64x64"}
TAKES_A_MINUTE = {408}
"""A body that dawdles: test_bad_input has it with another clock."""

Asked = tuple[str, str, Callable[[], httpx.Response]]
"""Method and path as the description has them, and the request."""


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    settings = {
        "PHOTOPLAY_WEB__API_KEYS": '{"alice": "a-key-of-alices-own"}',
        "PHOTOPLAY_LIMITS__PER_HOUR": "1",
    }
    with Program(tmp_path_factory.mktemp("limited") / "data", settings=settings) as running:
        yield running


def of_videos(http: httpx.Client, picture: bytes) -> dict[int, Asked]:
    video = made(http, picture, **TINY)["id"]
    running = post(http, picture, **LONG).json()["id"]
    one, content, create = "/v1/videos/{video_id}", "/v1/videos/{video_id}/content", "/v1/videos"

    def part(asked: str) -> httpx.Response:
        return http.get(content.format(video_id=video), headers={"Range": asked})

    return {
        200: ("get", one, lambda: http.get(one.format(video_id=video))),
        206: ("get", content, lambda: part("bytes=0-9")),
        416: ("get", content, lambda: part("bytes=999999999-")),
        409: ("get", content, lambda: http.get(content.format(video_id=running))),
        404: ("get", one, lambda: http.get(one.format(video_id="video_none"))),
        405: ("get", create, lambda: http.put(create)),
        400: ("get", create, lambda: http.get(create, params={"limit": 0})),
        403: (
            "post",
            create,
            lambda: http.post(create, headers={"Origin": "https://evil.example"}),
        ),
        413: ("post", create, lambda: post(http, b"\xff" * 25_000_001)),
        415: ("post", create, lambda: post(http, b"<svg/>")),
    }


def of_limits(http: httpx.Client, limited: Program, picture: bytes) -> dict[int, Asked]:
    create = "/v1/videos"

    def without_a_key() -> httpx.Response:
        return httpx.get(f"{limited.url}{create}")

    def drained() -> httpx.Response:
        command = [sys.executable, "-m", "bot", "queue", "drain", "--data-dir"]
        subprocess.run([*command, str(limited.data_dir)], check=True, capture_output=True)
        return post(http, picture, **TINY)

    post(http, picture, **TINY)
    return {
        401: ("get", create, without_a_key),
        429: ("post", create, lambda: post(http, picture, **TINY)),
        503: ("post", create, drained),
    }


def test_every_status_of_the_description_is_produced_where_it_is_described(
    http: httpx.Client, limited: Program, picture: bytes
) -> None:
    paths: dict[str, Any] = http.get("/openapi.json").json()["paths"]
    known = {
        int(status)
        for operations in paths.values()
        for operation in operations.values()
        for status in operation["responses"]
    }
    key = {"Authorization": "Bearer a-key-of-alices-own"}
    with httpx.Client(base_url=limited.url, headers=key, timeout=60) as alice:
        asked = of_videos(http, picture) | of_limits(alice, limited, picture)
        assert known == asked.keys() | TAKES_A_MINUTE
        for status, (method, path, request) in asked.items():
            answer = request()
            assert answer.status_code == status, (status, answer.text)
            assert str(status) in paths[path][method]["responses"], (status, method, path)
            if status >= 400:
                assert answer.json()["error"]["message"]
