"""The Videos API as clients meet it: over real HTTP, with the official client among them."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from generation.media.probe import probe
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

SHORT = {"num_frames": "25", "size": "256x256"}
LONG = {"num_frames": "65", "size": "960x960"}


def post(http: httpx.Client, picture: bytes, **fields: str) -> httpx.Response:
    return http.post("/v1/videos", data=fields, files={"input_reference": ("p.png", picture)})


def made(http: httpx.Client, picture: bytes, **fields: str) -> dict[str, Any]:
    """A finished video."""
    answer = post(http, picture, **{**SHORT, **fields})
    assert answer.status_code == 200, answer.text
    return finished(http, answer.json()["id"])


def finished(http: httpx.Client, video_id: str) -> dict[str, Any]:
    for _ in range(600):
        video: dict[str, Any] = http.get(f"/v1/videos/{video_id}").json()
        if video["status"] in {"completed", "failed"}:
            return video
        time.sleep(0.05)
    raise AssertionError("it never ended")


def events(http: httpx.Client, video_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    with http.stream("GET", f"/v1/videos/{video_id}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))


@pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
@pytest.mark.slow
def test_the_official_client_creates_polls_and_downloads(
    server: Program, picture: bytes, tmp_path: Any
) -> None:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0) as client:
        video = client.videos.create_and_poll(
            prompt="a slow camera pan from left to right",
            input_reference=("photo.png", picture),
            seconds="4",
            size="704x480",  # type: ignore[arg-type]
            model="sora-2",
            poll_interval_ms=50,
        )
        assert video.status == "completed", video.error
        assert (video.seconds, video.size, video.progress) == ("4.04", "704x480", 100)
        assert video.created_at <= (video.completed_at or 0) < (video.expires_at or 0)
        content = client.videos.download_content(video.id)
        content.write_to_file(tmp_path / "clip.mp4")
        poster = client.videos.download_content(video.id, variant="thumbnail")
    clip = probe(tmp_path / "clip.mp4")
    assert (clip.width, clip.height, clip.frames, int(clip.fps)) == (704, 480, 97, 24)
    assert clip.moov_first
    assert poster.content[:2] == b"\xff\xd8"


@pytest.mark.slow
def test_a_video_tells_its_whole_story_as_events(http: httpx.Client, picture: bytes) -> None:
    first = post(http, picture, **LONG).json()["id"]
    second = post(http, picture, **SHORT).json()
    assert second["status"] == "queued"
    assert second["queue_position"] == 1
    told = list(events(http, second["id"]))
    names = [name for name, _ in told]
    assert names == sorted(names, key=["queued", "progress", "completed"].index)
    assert names.count("completed") == 1
    assert told[0][1]["position"] == 1
    steps = [data["step"] for name, data in told if name == "progress" and data["steps"]]
    assert steps == sorted(steps)
    assert [name for name, _ in events(http, first)][-1] == "completed"  # it may still be written


def test_a_data_url_in_json_does_the_same_as_a_form(http: httpx.Client, picture: bytes) -> None:
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    body = {"prompt": "zoom in", "num_frames": 9, "size": "64x64", "seed": 5}
    answer = http.post("/v1/videos", json={**body, "input_reference": {"image_url": url}})
    assert answer.status_code == 200, answer.text
    video = finished(http, answer.json()["id"])
    assert (video["status"], video["seed"], video["num_frames"]) == ("completed", 5, 9)


def test_seconds_are_rounded_to_frames_and_that_is_said(http: httpx.Client, picture: bytes) -> None:
    video = post(http, picture, seconds="4.0", size="64x64").json()
    assert (video["num_frames"], video["fps"]) == (97, 24)
    assert "4.0 s → 97 frames at 24 fps." in video["notes"]


def test_content_is_served_in_ranges(http: httpx.Client, picture: bytes) -> None:
    video = made(http, picture)
    path = f"/v1/videos/{video['id']}/content"
    whole = http.get(path)
    assert whole.headers["content-type"] == "video/mp4"
    part = http.get(path, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert part.content == whole.content[100:200]
    beyond = http.get(path, headers={"Range": "bytes=999999999-"})
    assert beyond.status_code == 416


def test_a_running_video_can_be_cancelled_and_has_no_content(
    http: httpx.Client, picture: bytes
) -> None:
    video_id = post(http, picture, **LONG).json()["id"]
    assert http.get(f"/v1/videos/{video_id}/content").status_code == 409
    cancelled = http.post(f"/v1/videos/{video_id}/cancel").json()
    assert (cancelled["status"], cancelled["error"]["code"]) == ("failed", "cancelled")
    assert http.get(f"/v1/videos/{video_id}/content").status_code == 404
    assert [name for name, _ in events(http, video_id)] == ["cancelled"]
    again = http.post(f"/v1/videos/{video_id}/cancel")
    assert again.status_code == 200


def test_a_retry_with_the_same_key_is_the_same_video(http: httpx.Client, picture: bytes) -> None:
    key = {"Idempotency-Key": "retry-1"}
    files = {"input_reference": ("p.png", picture)}
    answers = [
        http.post("/v1/videos", data=SHORT, files=files, headers=key).json() for _ in range(2)
    ]
    assert answers[0]["id"] == answers[1]["id"]
    other = http.post("/v1/videos", data={"seed": "9"}, files=files, headers=key)
    assert other.status_code == 409
    assert other.json()["error"]["code"] == "request_key_reused"


def test_the_newest_videos_come_first(http: httpx.Client, picture: bytes) -> None:
    ids = [made(http, picture)["id"] for _ in range(2)]
    listed = http.get("/v1/videos", params={"limit": 2}).json()
    assert [video["id"] for video in listed["data"]] == ids[::-1]


def test_a_browser_sees_its_own_videos_and_nobody_elses(
    server: Program, http: httpx.Client, picture: bytes
) -> None:
    mine = made(http, picture)["id"]
    with httpx.Client(base_url=server.url) as browser:
        assert browser.get("/").cookies
        assert browser.get(f"/v1/videos/{mine}").status_code == 404
        assert browser.get("/v1/videos").json()["data"] == []
        beside_a_key = {"Authorization": "Bearer any"}
        assert browser.get(f"/v1/videos/{mine}", headers=beside_a_key).status_code == 200


def test_models_say_what_is_supported(http: httpx.Client) -> None:
    [model] = http.get("/v1/models").json()["data"]
    assert model["id"] == "camera"
    assert "pan-left" in model["supports"]["motions"]


def test_an_operator_finds_health_readiness_and_figures(http: httpx.Client) -> None:
    assert http.get("/healthz").json() == {"status": "ok"}
    assert http.get("/readyz").status_code == 200
    metrics = http.get("/metrics").text
    for name in ("queue_depth", "wait_seconds", "render_seconds", "jobs_total", "event_loop_lag"):
        assert f"photoplay_{name}" in metrics
    assert "/v1/videos" in http.get("/openapi.json").json()["paths"]
