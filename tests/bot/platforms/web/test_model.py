"""The model's engine behind the page: a tiny checkpoint, the whole way from HTTP to MP4."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from generation.directions.vocabulary import Effect, Motion
from generation.media.marking import DigitalSource, source_of
from generation.media.probe import probe
from generation.media.recipe import read_recipe
from generation.prompts.template import templated
from tests.bot.platforms.web.test_api import events, finished
from tests.fakes.hub import checkpoints
from tests.fakes.program.process import Program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Grey = NDArray[np.float64]
SMALL = {"num_frames": "9", "size": "96x64"}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("model")
    model = checkpoints.staged(folder / "tiny")
    settings = {"PHOTOPLAY_ENGINE__NAME": "ltx", "PHOTOPLAY_ENGINE__MODEL": str(model)}
    with Program(folder / "data", settings=settings) as running:
        yield running


@pytest.fixture
def http(program: Program) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=program.url, timeout=120) as client:
        yield client


def made(http: httpx.Client, picture: bytes, **fields: str) -> dict[str, Any]:
    files = {"input_reference": ("p.png", picture)}
    answer = http.post("/v1/videos", data={**SMALL, **fields}, files=files)
    assert answer.status_code == 200, answer.text
    video = finished(http, answer.json()["id"])
    assert video["status"] == "completed", video["error"]
    return video


def frame_of(clip: Path, index: int) -> Grey:
    import av

    with av.open(str(clip)) as container:
        frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    return np.asarray(frames[index], np.float64)


def likeness(one: Grey, other: Grey) -> float:
    """Correlation of two frames: 1 is the same but for brightness and contrast."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_the_engine_says_what_it_supports(http: httpx.Client) -> None:
    [model] = http.get("/v1/models").json()["data"]
    wanted = {
        "end_image",
        "extends",
        "keyframes",
        "loop",
        "negative_prompt",
        "strength",
    }
    assert wanted <= set(model["supports"]["options"])
    said = [model["supports"][name] for name in ("extend", "loop", "boomerang", "upscale")]
    assert said == [True, True, True, True]
    assert model["defaults"]["num_inference_steps"] == 40
    assert model["notice"] is None


def test_a_clip_with_progress_and_previews(
    http: httpx.Client, program: Program, photograph_bytes: bytes
) -> None:
    files = {"input_reference": ("p.png", photograph_bytes)}
    wish = {**SMALL, "prompt": "waves", "motion": "pan-left", "seed": "7"}
    wish["num_inference_steps"] = "12"
    video = http.post("/v1/videos", data=wish, files=files).json()
    told = list(events(http, video["id"]))
    assert told[-1][0] == "completed", told[-1]
    previews = [data["preview"] for name, data in told if "preview" in data]
    assert previews
    assert base64.b64decode(previews[-1].partition(",")[2]).startswith(b"\xff\xd8")
    assert {data["steps"] for name, data in told if name == "progress"} <= {0, 12}
    clip = program.data_dir / "clips" / f"{video['id']}.mp4"
    assert probe(clip).frames == 9
    assert source_of(clip) is DigitalSource.TRAINED_ALGORITHMIC_MEDIA
    recipe = read_recipe(clip)
    assert recipe is not None
    assert recipe.effective_prompt == templated("waves", Motion.PAN_LEFT, Effect.AUTO)
    assert recipe.options["num_inference_steps"] == 12


def test_further_pictures_are_taken_in_both_kinds_of_body(
    http: httpx.Client, photograph_bytes: bytes
) -> None:
    url = "data:image/png;base64," + base64.b64encode(photograph_bytes).decode()
    keyframes = [{"at": 0.2, "image": url}]
    steps = {"num_inference_steps": 2}
    posted = {"prompt": "", "num_frames": 17, "size": "96x64", **steps, "keyframes": keyframes}
    body = {**posted, "input_reference": {"image_url": url}, "end_reference": {"image_url": url}}
    answer = http.post("/v1/videos", json=body)
    assert answer.status_code == 200, answer.text
    assert finished(http, answer.json()["id"])["status"] == "completed"
    fields = {"num_inference_steps": "2", "keyframes": json.dumps(keyframes), "num_frames": "17"}
    assert made(http, photograph_bytes, **fields)["num_frames"] == 17


@pytest.mark.parametrize(
    "keyframes", ["no json", "{}", '[{"at": 0.2}]', '[{"at": true, "image": ""}]', "[[[", "[1]"]
)
def test_keyframes_that_are_none_are_refused_by_name(
    http: httpx.Client, photograph_bytes: bytes, keyframes: str
) -> None:
    files = {"input_reference": ("p.png", photograph_bytes)}
    answer = http.post("/v1/videos", data={**SMALL, "keyframes": keyframes}, files=files)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "keyframes"


def test_a_finished_clip_becomes_twice_as_large_and_stays_what_it_is(
    http: httpx.Client, program: Program, photograph_bytes: bytes
) -> None:
    video = made(http, photograph_bytes, num_inference_steps="2")
    answer = http.post(f"/v1/videos/{video['id']}/upscale")
    assert answer.status_code == 200, answer.text
    larger = finished(http, answer.json()["id"])
    assert larger["status"] == "completed", larger["error"]
    assert (larger["size"], larger["num_frames"]) == ("192x128", 9)
    assert (larger["seed"], larger["remixed_from_video_id"]) == (video["seed"], video["id"])
    assert probe(program.data_dir / "clips" / f"{larger['id']}.mp4").width == 192
    assert (video["upscalable"], larger["extendable"]) == (True, True)
    changed = http.post(f"/v1/videos/{video['id']}/upscale", json={"seconds": 4})
    assert (changed.status_code, changed.json()["error"]["param"]) == (400, "seconds")


def test_an_extended_clip_begins_with_the_old_one_and_goes_on(
    http: httpx.Client, program: Program, photograph_bytes: bytes
) -> None:
    video = made(http, photograph_bytes, num_inference_steps="2", num_frames="17")
    answer = http.post(f"/v1/videos/{video['id']}/extend", json={"num_frames": 9})
    assert answer.status_code == 200, answer.text
    longer = finished(http, answer.json()["id"])
    assert longer["status"] == "completed", longer["error"]
    assert (longer["num_frames"], longer["remixed_from_video_id"]) == (25, video["id"])
    clips = program.data_dir / "clips"
    before, after = (clips / f"{one['id']}.mp4" for one in (video, longer))
    assert probe(after).frames == 25
    for index in (0, 8, 16):
        again = likeness(frame_of(before, index), frame_of(after, index))
        assert again > 0.95, index  # the same, encoded once more
    assert likeness(frame_of(after, 16), frame_of(after, 24)) < 0.95


def test_cancelled_in_the_middle_it_ends_within_steps_and_the_next_is_made(
    http: httpx.Client, photograph_bytes: bytes
) -> None:
    files = {"input_reference": ("p.png", photograph_bytes)}
    long = {"num_frames": "257", "size": "512x512", "num_inference_steps": "100"}
    video = http.post("/v1/videos", data=long, files=files).json()
    for name, data in events(http, video["id"]):
        if name == "progress" and data["step"]:
            http.post(f"/v1/videos/{video['id']}/cancel")
            break
    assert finished(http, video["id"])["error"]["code"] == "cancelled"
    assert made(http, photograph_bytes, num_inference_steps="2")["status"] == "completed"
