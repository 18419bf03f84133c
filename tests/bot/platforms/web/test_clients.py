"""Everything that the official clients can send, by the literals of their own types."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, get_args

import httpx
import openai
import pytest
from openai.types import VideoModel, VideoSeconds, VideoSize

from tests.bot.platforms.web.test_api import made
from tests.fakes.program.process import Program

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning"),
]

DRAWN = {
    "720x1280": "704x1280",
    "1280x720": "1280x704",
    "1024x1792": "704x1280",
    "1792x1024": "1280x704",
}
"""The multiples of 32 that their sizes become."""


@pytest.fixture
def client(server: Program) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def first(server: Program, photograph_bytes: bytes) -> dict[str, Any]:
    with httpx.Client(base_url=server.url, timeout=60) as http:
        return made(http, photograph_bytes, num_frames="17", size="128x64", prompt="zoom in")


@pytest.mark.parametrize("size", get_args(VideoSize))
def test_every_size_of_theirs_is_taken_with_a_note(
    client: openai.OpenAI, picture: bytes, size: Any
) -> None:
    video = client.videos.create(prompt="still", input_reference=("p.png", picture), size=size)
    client.post(f"/videos/{video.id}/cancel", cast_to=httpx.Response)
    assert video.size == DRAWN[size]
    assert (video.model_extra or {})["note_codes"] == ["duration", "size"]


@pytest.mark.parametrize("seconds", [*get_args(VideoSeconds), "16", "20"])
def test_every_length_of_theirs_is_taken_or_shortened_with_a_note(
    client: openai.OpenAI, picture: bytes, seconds: Any
) -> None:
    asked = {"prompt": "still", "input_reference": ("p.png", picture), "seconds": seconds}
    video = client.videos.create(**asked)
    client.post(f"/videos/{video.id}/cancel", cast_to=httpx.Response)
    extra = video.model_extra or {}
    longer = float(seconds) * 24 > 257
    assert extra["num_frames"] == (257 if longer else float(seconds) * 24 + 1)
    assert ("shortened" in extra["note_codes"]) == longer


@pytest.mark.parametrize("model", [one for part in get_args(VideoModel) for one in get_args(part)])
def test_their_models_mean_whatever_is_there(client: openai.OpenAI, model: str) -> None:
    assert client.models.retrieve(model).id == "camera"


def test_a_model_is_retrieved_by_its_name(client: openai.OpenAI) -> None:
    assert client.models.retrieve("camera").id == "camera"
    with pytest.raises(openai.NotFoundError) as refused:
        client.models.retrieve("gpt-7")
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")


def test_an_edit_takes_a_video_as_a_file_and_by_its_id(
    client: openai.OpenAI, http: httpx.Client, first: dict[str, Any]
) -> None:
    clip = client.videos.download_content(first["id"]).content
    by_file = client.videos.edit(prompt="tilt up", video=("clip.mp4", clip))
    assert (by_file.prompt, by_file.remixed_from_video_id) == ("tilt up", first["id"])
    body = {"prompt": "tilt down", "video": {"id": first["id"]}}
    by_id = http.post("/v1/videos/edits", json=body).json()
    assert by_id["remixed_from_video_id"] == first["id"]
    form = {"prompt": (None, "still"), "video[id]": (None, first["id"])}
    in_a_form = http.post("/v1/videos/edits", files=form).json()
    assert in_a_form["remixed_from_video_id"] == first["id"]


def test_an_extension_of_a_file_is_made_of_the_clip_that_it_is(
    client: openai.OpenAI, first: dict[str, Any]
) -> None:
    clip = client.videos.download_content(first["id"]).content
    longer = client.videos.extend(prompt="on", seconds="4", video=("clip.mp4", clip))
    assert longer.remixed_from_video_id == first["id"]
    assert float(longer.seconds) > 4


@pytest.mark.parametrize(
    ("video", "status", "word"),
    [
        ({"id": "video_none"}, 404, "no such clip"),
        (None, 400, "only: prompt"),
        ({"name": "x"}, 400, "only: prompt and video"),
    ],
)
def test_an_edit_of_nothing_is_refused_by_name(
    http: httpx.Client, video: object, status: int, word: str
) -> None:
    body = {"prompt": "tilt", **({} if video is None else {"video": video})}
    answer = http.post("/v1/videos/edits", json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (status, "video"), error
    assert word in error["message"]


def test_a_video_without_a_recipe_is_no_file_to_edit(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="carries a recipe") as refused:
        client.videos.edit(prompt="tilt up", video=("clip.mp4", b"\0\0\0\x18ftypmp42"))
    assert refused.value.param == "video"


def test_characters_are_a_404_with_a_sentence(client: openai.OpenAI, picture: bytes) -> None:
    with pytest.raises(openai.NotFoundError, match="no characters here"):
        client.videos.create_character(name="Ann", video=("clip.mp4", picture))
    with pytest.raises(openai.NotFoundError, match="no characters here"):
        client.videos.get_character("char_1")


@pytest.mark.parametrize(
    ("variant", "kind", "beginning"),
    [
        ("video", "video/mp4", b"\0\0\0"),
        ("thumbnail", "image/jpeg", b"\xff\xd8"),
        ("spritesheet", "image/jpeg", b"\xff\xd8"),
        ("source", "image/png", b"\x89PNG"),
        ("poster", "image/jpeg", b"\xff\xd8"),
    ],
)
def test_every_variant_of_a_finished_video_is_there(
    http: httpx.Client, first: dict[str, Any], variant: str, kind: str, beginning: bytes
) -> None:
    answer = http.get(f"/v1/videos/{first['id']}/content", params={"variant": variant})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.content.startswith(beginning)


def test_source_and_poster_are_there_from_the_first_second(
    http: httpx.Client, picture: bytes
) -> None:
    long = {"num_frames": "257", "size": "1280x1280"}
    files = {"input_reference": ("p.png", picture)}
    path = f"/v1/videos/{http.post('/v1/videos', data=long, files=files).json()['id']}"
    for variant, status in (("source", 200), ("poster", 200), ("spritesheet", 409)):
        assert http.get(f"{path}/content", params={"variant": variant}).status_code == status
    http.post(f"{path}/cancel")


def test_a_picture_is_taken_however_it_is_wrapped(http: httpx.Client, picture: bytes) -> None:
    encoded = base64.b64encode(picture).decode()
    lines = "\n".join(encoded[at : at + 76] for at in range(0, len(encoded), 76))
    small = {"num_frames": 9, "size": "64x64"}
    for url in (
        f"data:image/png;base64,{encoded.rstrip('=')}",
        f"data:image/png;base64,{lines}",
        f"data:;base64,{encoded}",
        f"DATA:application/octet-stream;name=p.png;base64,{encoded}",
    ):
        for reference in (url, {"image_url": url}):
            answer = http.post("/v1/videos", json={**small, "input_reference": reference})
            assert answer.status_code == 200, answer.text
    form = {"num_frames": "9", "size": "64x64", "input_reference": lines}
    form["input_reference"] = f"data:image/png;base64,{encoded}"
    assert http.post("/v1/videos", data=form).status_code == 200


def test_a_file_without_a_name_is_a_file(http: httpx.Client, picture: bytes) -> None:
    fields = {"num_frames": (None, "9"), "size": (None, "64x64")}
    answer = http.post("/v1/videos", files={**fields, "input_reference": (None, picture)})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "send one as input_reference"),
        ({"prompt": "hi", "image": "x"}, "only: prompt and image"),
        ({"input_reference": {"file_id": "file-1"}}, "by their id"),
    ],
)
def test_without_a_picture_it_is_said_what_came(
    http: httpx.Client, body: dict[str, object], word: str
) -> None:
    answer = http.post("/v1/videos", json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, "input_reference")
    assert word in error["message"]


@pytest.mark.parametrize("name", ["input_reference", "end_reference"])
def test_a_picture_that_is_none_is_named_by_its_field(
    http: httpx.Client, picture: bytes, name: str
) -> None:
    files: dict[str, Any] = {"input_reference": ("p.png", picture)}
    files[name] = (None, "data:image/png;base64,%%%")
    answer = http.post("/v1/videos", files=files)
    assert (answer.status_code, answer.json()["error"]["param"]) == (415, name)


DRIVEN = """
create create_and_poll poll retrieve list delete remix edit extend download_content
create_character get_character
""".split()


def test_no_call_that_the_client_has_is_left_out(
    client: openai.OpenAI, first: dict[str, Any], picture: bytes
) -> None:
    kinds = {"with_raw_response", "with_streaming_response"}
    has = {name for name in dir(type(client.videos)) if not name.startswith("_")} - kinds
    assert has <= set(DRIVEN), "a newer client has a call that nothing here drives"
    small: Any = {"seconds": "0.4", "size": "64x64"}
    video = client.videos.create(prompt="still", input_reference=("p.png", picture), **small)
    assert client.videos.poll(video.id, poll_interval_ms=50).status == "completed"
    remixed = client.videos.remix(video.id, prompt="tilt up")
    assert remixed.remixed_from_video_id == client.videos.retrieve(video.id).id
    assert client.videos.delete(video.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.videos.retrieve(video.id)
