"""A film over HTTP: scenes in, one video out, and one of its scenes made again."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import openai
import pytest

from tests.bot.platforms.web.test_api import finished
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

SHORT = {"num_frames": 9, "size": "64x64"}


def url(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def film(picture: bytes, **fields: Any) -> dict[str, Any]:
    scenes = [{"prompt": "zoom in", "image": url(picture)}, {"prompt": "tilt up"}]
    return {**SHORT, "scenes": scenes, **fields}


def test_a_storyboard_becomes_a_film_and_a_scene_of_it_is_made_again(
    http: httpx.Client, picture: bytes
) -> None:
    before = len(http.get("/v1/videos").json()["data"])
    asked = http.post("/v1/videos", json=film(picture), headers={"Idempotency-Key": "once"})
    assert asked.status_code == 200, asked.text
    again = http.post("/v1/videos", json=film(picture), headers={"Idempotency-Key": "once"})
    assert again.json()["id"] == asked.json()["id"]
    video = finished(http, asked.json()["id"])
    assert (video["status"], video["progress"], video["num_frames"]) == ("completed", 100, 18)
    assert [(one["place"], one["prompt"]) for one in video["scenes"]] == [
        (1, "zoom in"),
        (2, "tilt up"),
    ]
    assert {one["status"] for one in video["scenes"]} == {"completed"}
    content = http.get(f"/v1/videos/{video['id']}/content")
    assert content.content[4:8] == b"ftyp"
    assert len(http.get("/v1/videos").json()["data"]) == before + 1
    told = http.get(f"/v1/videos/{video['id']}/events").text
    assert "completed" in told
    assert video["extendable"]
    longer = http.post(f"/v1/videos/{video['id']}/extend")
    assert longer.status_code == 200, longer.text
    assert finished(http, longer.json()["id"])["num_frames"] == 18 + 17 - 1
    remade = http.post(f"/v1/videos/{video['id']}/scenes/2/remix", json={"prompt": "pan left"})
    assert remade.status_code == 200, remade.text
    newer = finished(http, remade.json()["id"])
    assert newer["remixed_from_video_id"] == video["id"]
    assert [one["prompt"] for one in newer["scenes"]] == ["zoom in", "pan left"]
    assert newer["scenes"][0]["id"] == video["scenes"][0]["id"]
    http.delete(f"/v1/videos/{video['id']}")
    kept = http.get(f"/v1/videos/{newer['scenes'][0]['id']}/content")
    assert kept.status_code == 200  # the newer film shows it too
    assert http.get(f"/v1/videos/{video['scenes'][1]['id']}").status_code == 404
    http.delete(f"/v1/videos/{newer['scenes'][0]['id']}")
    left = http.get(f"/v1/videos/{newer['id']}").json()["scenes"][0]
    assert (left["status"], left["error"]["code"]) == ("failed", "expired")


@pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
def test_the_official_client_asks_for_a_film_in_a_form(server: Program, picture: bytes) -> None:
    scenes = [{}, {"image": "second", "seconds": 0.3}, {"prompt": "snow"}]
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0) as client:
        video = client.videos.create(
            prompt="zoom in",
            input_reference=("p.png", picture),
            extra_body={"scenes": json.dumps(scenes), "size": "64x64", "second": url(picture)},
        )
        parts = (video.model_extra or {})["scenes"]
        assert [one["prompt"] for one in parts] == ["zoom in", "zoom in", "snow"]
        assert parts[1]["seconds"] == "0.38"
        client.post(f"/videos/{video.id}/cancel", cast_to=httpx.Response)
        ended = client.videos.retrieve(video.id)
    assert (ended.status, ended.error and ended.error.code) == ("failed", "cancelled")


def test_parts_of_a_form_are_the_pictures_of_scenes(http: httpx.Client, picture: bytes) -> None:
    first = {"prompt": "one", "image": "input_reference"}
    scenes = json.dumps([first, {"prompt": "two", "image": "b"}])
    files = {"input_reference": ("a.png", picture), "b": ("b.png", picture)}
    fields = {"scenes": scenes, "num_frames": "9", "size": "64x64", "transition": "crossfade"}
    video = finished(http, http.post("/v1/videos", data=fields, files=files).json()["id"])
    assert video["status"] == "completed"
    assert video["num_frames"] < 18  # they share the frames of the fade


@pytest.mark.parametrize(
    ("changes", "param", "word"),
    [
        ({"scenes": [{"prompt": "alone"}]}, "scenes", "2 to 10 scenes"),
        ({"scenes": [{}, {}]}, "scenes[1].image", "Scene 1: There is no picture"),
        ({"scenes": "no list"}, "scenes", "not written"),
        ({"scenes": [{}, {"loops": 1}]}, "scenes[2].loops", "Scene 2: There is no option loops"),
        ({"scenes": [{}, {"loop": True}]}, "scenes[2].loop", "Scene 2: Loop: a film"),
        ({"scenes": [{}, {"seconds": True}]}, "scenes[2].seconds", "Scene 2: Seconds: please"),
        ({"loop": True}, "loop", "a film does not take"),
        ({"keyframes": []}, "keyframes", "a film does not take"),
        (
            {"scenes": [{}, {"image": "http://x/y"}]},
            "scenes[2].image",
            "Scene 2: image must be a data:image",
        ),
        ({"input_reference": "data:image/png;base64,AAAA"}, "input_reference", "does not take"),
        ({"transition": "wipe"}, "transition", "cut"),
        ({"scenes": [{"image": "data:image/png;base64,AAAA"}, {}]}, "scenes[1].image", "picture"),
        ({"scenes": [{}, "no scene"]}, "scenes[2]", "scenes[2]: it is not written"),
        ({"scenes": [{"image": "a"}, {}], "a": "b"}, "scenes[1].image", "Scene 1: image must be"),
        (
            {"scenes": [{"image": {"image_url": "a"}}, {}]},
            "scenes[1].image",
            "Scene 1: image.image_url must be",
        ),
        (
            {"input_reference": {"image_url": "data:image/png;base64,AAAA"}, "scenes": [{}, {}]},
            "input_reference",
            "That is not a picture",
        ),
    ],
)
def test_what_is_wrong_with_a_film_is_said_by_name(
    http: httpx.Client, picture: bytes, changes: dict[str, Any], param: str, word: str
) -> None:
    answer = http.post("/v1/videos", json=film(picture, **changes))
    error = answer.json()["error"]
    assert (answer.status_code // 100, error["param"]) == (4, param), error
    assert word in error["message"]


@pytest.mark.parametrize(
    ("film_says", "scenes_say", "param", "word"),
    [
        ({"seed": 2**40}, [{"seed": 4}, {}], "seed", "Seed: please choose"),
        ({}, [{"seed": 2**40}, {"seed": 2**40}], "scenes[1].seed", "Scene 1: Seed: please choose"),
        ({"prompt": "a" * 2001}, [{"prompt": "b"}, {}], "prompt", "Prompt: that is 2001"),
    ],
)
def test_what_a_film_says_for_its_scenes_is_not_said_to_be_theirs(
    http: httpx.Client,
    picture: bytes,
    film_says: dict[str, Any],
    scenes_say: list[dict[str, Any]],
    param: str,
    word: str,
) -> None:
    scenes = [{**scenes_say[0], "image": url(picture)}, scenes_say[1]]
    error = http.post("/v1/videos", json={**SHORT, **film_says, "scenes": scenes}).json()["error"]
    assert (error["param"], error["message"].startswith(word)) == (param, True), error


@pytest.mark.parametrize(
    ("images", "sent", "param", "word"),
    [
        (["a", None], ["b"], "scenes[1].image", "Scene 1: image names the part a"),
        (["a", "c"], ["a", "b"], "scenes[2].image", "Scene 2: image names the part c"),
        (["a", None], ["a", "b"], "b", "There is no option b"),
        (["http://x/y", None], ["b"], "scenes[1].image", "Scene 1: image must be a data:image"),
    ],
)
def test_a_scene_that_names_no_part_of_the_form_is_named_itself(
    http: httpx.Client,
    picture: bytes,
    images: list[str | None],
    sent: list[str],
    param: str,
    word: str,
) -> None:
    fields = {"scenes": json.dumps([{"image": image} for image in images])}
    files = {name: (f"{name}.png", picture) for name in sent}
    error = http.post("/v1/videos", data=fields, files=files).json()["error"]
    assert (error["param"], error["message"].startswith(word)) == (param, True), error


def test_a_scene_that_is_not_there_cannot_be_made_again(http: httpx.Client, picture: bytes) -> None:
    long = film(picture, num_frames=257, size="704x480")
    running = http.post("/v1/videos", json=long).json()["id"]
    assert http.post(f"/v1/videos/{running}/scenes/1/remix").status_code == 409
    assert http.post(f"/v1/videos/{running}/remix").json()["error"]["param"] == "video_id"
    http.post(f"/v1/videos/{running}/cancel")
    assert http.post(f"/v1/videos/{running}/scenes/3/remix").status_code == 404
    assert http.post("/v1/videos/video_none/scenes/1/remix").status_code == 404
