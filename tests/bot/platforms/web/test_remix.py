"""A video made of an earlier one: the same picture, and only what the caller changed."""

from __future__ import annotations

from typing import Any

import httpx
import openai
import pytest

from generation.media.probe import probe
from generation.media.recipe import read_recipe
from generation.pipelines.camera.ending import NAME, Ending
from tests.bot.platforms.web.test_api import finished, made
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def first(server: Program, photograph_bytes: bytes) -> dict[str, Any]:
    with httpx.Client(base_url=server.url, timeout=60) as http:
        return made(http, photograph_bytes, prompt="a slow pan to the right", seed="7")


def remix(http: httpx.Client, video: dict[str, Any], **changes: Any) -> httpx.Response:
    return http.post(f"/v1/videos/{video['id']}/remix", json=changes)


@pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
def test_the_official_client_remixes(server: Program, first: dict[str, Any]) -> None:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0) as client:
        video = client.videos.remix(first["id"], prompt="zoom in")
    assert (video.prompt, video.remixed_from_video_id) == ("zoom in", first["id"])


def test_a_remix_changes_the_seed_and_what_is_said_and_nothing_else(
    http: httpx.Client, first: dict[str, Any]
) -> None:
    video = finished(http, remix(http, first, prompt="tilt up").json()["id"])
    assert (video["prompt"], video["status"]) == ("tilt up", "completed")
    assert video["seed"] != first["seed"]
    assert {video[name] == first[name] for name in ("size", "num_frames", "fps")} == {True}


def test_without_a_body_it_is_the_same_wish_with_another_seed(
    http: httpx.Client, first: dict[str, Any]
) -> None:
    answer = http.post(f"/v1/videos/{first['id']}/remix")
    assert answer.status_code == 200
    assert answer.json()["prompt"] == first["prompt"]
    assert answer.json()["seed"] != first["seed"]


def test_a_new_length_replaces_the_old_one_however_it_is_said(
    http: httpx.Client, first: dict[str, Any]
) -> None:
    assert remix(http, first, seconds=0.4).json()["num_frames"] == 9
    assert remix(http, first, num_frames=17).json()["num_frames"] == 17


def test_a_retried_remix_is_answered_with_the_first_one(
    http: httpx.Client, first: dict[str, Any]
) -> None:
    headers = {"Idempotency-Key": "again-1"}
    path = f"/v1/videos/{first['id']}/remix"
    one, two = (http.post(path, headers=headers).json()["id"] for _ in range(2))
    assert one == two
    other = http.post(path, headers=headers, json={"prompt": "another"})
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("changes", "param"),
    [({"colour": "red"}, "colour"), ({"seconds": 0}, "seconds"), ({"strength": 0.5}, "strength")],
)
def test_a_change_that_cannot_be_is_refused_by_name(
    http: httpx.Client, first: dict[str, Any], changes: dict[str, Any], param: str
) -> None:
    answer = remix(http, first, **changes)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


def test_an_extension_goes_on_with_the_move_of_the_clip_in_its_picture(
    server: Program, http: httpx.Client, first: dict[str, Any]
) -> None:
    answer = http.post(f"/v1/videos/{first['id']}/extend", json={"num_frames": 9})
    longer = finished(http, answer.json()["id"])
    assert longer["num_frames"] == first["num_frames"] + 8
    before, after = (_ending(server, video) for video in (first, longer))
    assert after.picture == before.picture
    assert after.last.x > before.last.x


def test_an_engine_that_cannot_upscale_says_so(http: httpx.Client, first: dict[str, Any]) -> None:
    larger = http.post(f"/v1/videos/{first['id']}/upscale")
    assert (larger.status_code, larger.json()["error"]["param"]) == (400, "upscale")


def _ending(server: Program, video: dict[str, Any]) -> Ending:
    clip = server.data_dir / "clips" / f"{video['id']}.mp4"
    recipe = read_recipe(clip)
    assert recipe is not None
    assert probe(clip).frames == recipe.frames == video["num_frames"]
    ending = Ending.from_text(recipe.options[NAME])
    assert ending is not None
    return ending


def test_what_an_engine_makes_of_a_clip_is_said_beforehand(http: httpx.Client) -> None:
    [model] = http.get("/v1/models").json()["data"]
    said = [model["supports"][name] for name in ("extend", "loop", "boomerang", "upscale")]
    assert said == [True, True, True, False]


@pytest.mark.parametrize("call", ["{id}/remix", "{id}/extend", "edits", "extensions"])
def test_a_model_that_is_not_here_is_refused_wherever_one_is_named(
    http: httpx.Client, first: dict[str, Any], call: str
) -> None:
    body = {"model": "zzz"} | ({} if "{id}" in call else {"video": {"id": first["id"]}})
    answer = http.post(f"/v1/videos/{call.format(id=first['id'])}", json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, "model")
    assert error["message"].startswith("There is no such model")


def test_a_model_that_means_whatever_is_there_is_taken(
    http: httpx.Client, first: dict[str, Any]
) -> None:
    assert remix(http, first, model="sora-2").status_code == 200
    assert remix(http, first, model=None).status_code == 200


def test_a_key_whose_video_was_deleted_makes_no_other_and_says_why(
    http: httpx.Client, photograph_bytes: bytes
) -> None:
    files, fields = {"input_reference": ("p.png", photograph_bytes)}, {"num_frames": "9"}
    headers = {"Idempotency-Key": "deleted-1"}
    made = http.post("/v1/videos", headers=headers, files=files, data=fields).json()
    http.delete(f"/v1/videos/{made['id']}")
    again = http.post("/v1/videos", headers=headers, files=files, data=fields)
    error = again.json()["error"]
    assert (again.status_code, error["code"]) == (409, "request_deleted")
    assert (error["param"], "has been deleted" in error["message"]) == ("Idempotency-Key", True)


def test_a_remix_of_somebody_elses_or_of_nothing_is_a_404(http: httpx.Client) -> None:
    assert http.post("/v1/videos/video_aaaaaaaaaaaaaaaaaa/remix").status_code == 404


def test_a_picture_that_is_no_longer_kept_is_asked_for_again(
    server: Program, http: httpx.Client, photograph_bytes: bytes
) -> None:
    video = made(http, photograph_bytes)
    for picture in (server.data_dir / "inputs").iterdir():
        picture.unlink()
    again = http.post(f"/v1/videos/{video['id']}/remix")
    assert again.status_code == 200  # the clip begins with it
    (server.data_dir / "clips" / f"{video['id']}.mp4").unlink()
    for picture in (server.data_dir / "inputs").iterdir():
        picture.unlink()
    answer = http.post(f"/v1/videos/{video['id']}/remix")
    assert answer.json()["error"]["message"].startswith("The picture of that clip is no longer")
