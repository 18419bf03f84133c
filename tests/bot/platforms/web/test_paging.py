"""Pages of the list, as the iterators of clients walk them: each video once, and an end."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import openai
import pytest

from tests.bot.platforms.web.node import run_in_node
from tests.fakes.program.process import Program
from tests.generation.images.pictures import corners, encoded

pytestmark = pytest.mark.slow

MANY = 25
NODE = """
import OpenAI from "openai";
const client = new OpenAI({ baseURL: process.argv[2] + "/v1", apiKey: "any", maxRetries: 0 });
for await (const video of client.videos.list({ limit: 20 })) console.log(video.id);
"""


@pytest.fixture(scope="module")
def ids(server: Program) -> list[str]:
    """The ids of many videos, newest first."""
    tiny = {"num_frames": "9", "size": "64x64"}
    files = {"input_reference": ("p.png", encoded(corners(), "PNG"))}
    with httpx.Client(base_url=server.url, timeout=60) as http:
        answers = [http.post("/v1/videos", data=tiny, files=files) for _ in range(MANY)]
    return [answer.json()["id"] for answer in reversed(answers)]


@pytest.fixture
def client(server: Program) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0) as client:
        yield client


@pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
@pytest.mark.parametrize("limit", [1, 9, 20, 100])
def test_the_official_iterator_meets_every_video_once(
    client: openai.OpenAI, ids: list[str], limit: int
) -> None:
    assert [video.id for video in client.videos.list(limit=limit)] == ids
    oldest_first = [video.id for video in client.videos.list(limit=limit, order="asc")]
    assert oldest_first == ids[::-1]


def test_nodes_iterator_meets_every_video_once(server: Program, ids: list[str]) -> None:
    assert run_in_node(NODE, server.url).split() == ids


def test_there_is_more_only_where_there_is_more(http: httpx.Client, ids: list[str]) -> None:
    def page(**asked: str | int) -> dict[str, object]:
        answer: dict[str, object] = http.get("/v1/videos", params=asked).json()
        return answer

    assert page(limit=MANY)["has_more"] is False
    assert page(limit=MANY - 1)["has_more"] is True
    middle = page(limit=2, after=ids[20])
    assert (middle["first_id"], middle["last_id"]) == (ids[21], ids[22])
    last = page(after=ids[-1])
    assert (last["data"], last["first_id"], last["has_more"]) == ([], None, False)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"limit": 0}, "limit: please choose a number from 1 to 100."),
        ({"limit": 101}, "limit: please choose a number from 1 to 100."),
        ({"limit": "all"}, "limit: please choose a number from 1 to 100."),
        ({"order": "newest"}, "order: please choose asc or desc."),
    ],
)
def test_a_page_that_cannot_be_had_is_refused_with_what_can(
    http: httpx.Client, asked: dict[str, str | int], said: str
) -> None:
    answer = http.get("/v1/videos", params=asked)
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, said)


def test_whoever_deletes_as_they_read_goes_on(http: httpx.Client, server: Program) -> None:
    shown = http.get("/v1/videos", params={"limit": 3}).json()
    assert http.delete(f"/v1/videos/{shown['last_id']}").status_code == 200
    following = http.get("/v1/videos", params={"limit": 1, "after": shown["last_id"]})
    assert following.status_code == 200
    assert following.json()["data"][0]["id"] not in [video["id"] for video in shown["data"]]


@pytest.mark.parametrize(
    ("asked", "status", "param"),
    [
        ({"order": "sideways"}, 400, "order"),
        ({"limit": "0"}, 400, "limit"),
        ({"limit": "101"}, 400, "limit"),
        ({"after": "video_none"}, 404, "after"),
        ({"after": "x" * 65}, 400, "after"),
    ],
)
def test_a_page_that_cannot_be_is_refused_by_name(
    http: httpx.Client, asked: dict[str, str], status: int, param: str
) -> None:
    answer = http.get("/v1/videos", params=asked)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)


def test_a_page_does_not_begin_after_somebody_elses_video(server: Program, ids: list[str]) -> None:
    with httpx.Client(base_url=server.url) as browser:
        browser.get("/")
        assert browser.get("/v1/videos", params={"after": ids[0]}).status_code == 404
