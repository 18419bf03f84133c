"""Variations over HTTP: one answer that names them all, each a video of its own."""

from __future__ import annotations

import base64

import httpx
import openai
import pytest

from tests.bot.platforms.web.test_api import finished
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow


def test_variations_are_one_answer_and_each_a_video(http: httpx.Client, picture: bytes) -> None:
    url = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    body = {"prompt": "handheld", "num_frames": 9, "size": "64x64", "seed": 7, "variations": 2}
    body["input_reference"] = {"image_url": url}
    asked = http.post("/v1/videos", json=body)
    assert asked.status_code == 200, asked.text
    first, second = asked.json()["variations"]
    assert first == asked.json()["id"]
    clips = [finished(http, video) for video in (first, second)]
    assert [clip["seed"] for clip in clips] == [7, 8]
    contents = {http.get(f"/v1/videos/{video}/content").content for video in (first, second)}
    assert len(contents) == 2
    listed = [one["id"] for one in http.get("/v1/videos").json()["data"]]
    assert listed[:2] == [second, first]
    http.delete(f"/v1/videos/{first}")
    assert http.get(f"/v1/videos/{second}").json()["variations"] == [second]
    refused = http.post("/v1/videos", json={**body, "variations": 3}).json()["error"]
    assert (refused["param"], "1, 2, or 4" in refused["message"]) == ("variations", True), refused
    scenes = [{"image": url}, {}]
    film = http.post("/v1/videos", json={"scenes": scenes, "variations": 2}).json()["error"]
    assert film["param"] == "variations"


@pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
def test_the_official_client_asks_for_variations(server: Program, picture: bytes) -> None:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0) as client:
        video = client.videos.create(
            prompt="drift",
            input_reference=("p.png", picture),
            extra_body={"variations": "2", "size": "64x64"},
        )
        named = (video.model_extra or {})["variations"]
        assert named[0] == video.id
        for one in named:
            client.videos.delete(one)
