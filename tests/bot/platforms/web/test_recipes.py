"""A clip that comes back tells its recipe and is made again; a draft becomes the clip in full."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from generation.media.recipe import read_recipe
from tests.bot.platforms.web.test_api import finished, made
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def draft(server: Program, photograph_bytes: bytes) -> dict[str, Any]:
    with httpx.Client(base_url=server.url, timeout=60) as http:
        wanted = {"size": "320x256", "draft": "true", "enhance": "false", "seed": "7"}
        return made(http, photograph_bytes, prompt="pan right", **wanted)


def content(http: httpx.Client, video: dict[str, Any]) -> bytes:
    return http.get(f"/v1/videos/{video['id']}/content").content


def as_file(clip: bytes) -> dict[str, tuple[str, bytes, str]]:
    return {"video": ("clip.mp4", clip, "video/mp4")}


def test_a_draft_is_small_and_becomes_the_same_clip_in_full(
    server: Program, http: httpx.Client, draft: dict[str, Any]
) -> None:
    assert (draft["size"], draft["draft"], draft["lineage"]) == ("160x128", True, None)
    assert "320×256" in " ".join(draft["notes"])
    path = f"/v1/videos/{draft['id']}/remix"
    full = finished(http, http.post(path, json={"draft": False}).json()["id"])
    assert (full["size"], full["draft"], full["seed"]) == ("320x256", False, draft["seed"])
    assert (full["remixed_from_video_id"], full["lineage"]) == (draft["id"], "full")
    recipe = read_recipe(server.data_dir / "clips" / f"{full['id']}.mp4")
    assert recipe is not None
    assert recipe.options["lineage"] == "full"
    other = http.post(path).json()
    assert (other["size"], other["draft"]) == ("160x128", True)
    assert other["seed"] != draft["seed"]


def test_a_clip_tells_its_recipe_and_is_made_again_as_it_was(
    http: httpx.Client, draft: dict[str, Any]
) -> None:
    clip = content(http, draft)
    recipe = http.post("/v1/videos/recipe", files=as_file(clip)).json()
    assert (recipe["video_id"], recipe["prompt"], recipe["seed"]) == (draft["id"], "pan right", 7)
    assert recipe["options"]["in_full"] == "320x256"
    again = http.post("/v1/videos", files={"input_reference": ("c.mp4", clip, "video/mp4")}).json()
    assert {again[name] == draft[name] for name in ("seed", "prompt", "size", "draft")} == {True}
    assert "recognised" in again["note_codes"]


def test_a_file_without_a_row_is_edited_and_extended_by_its_recipe(
    http: httpx.Client, draft: dict[str, Any]
) -> None:
    foreign = content(http, draft) + b"\0\0\0\x08free"
    assert http.post("/v1/videos/recipe", files=as_file(foreign)).json()["video_id"] is None
    for call in ("edits", "extensions"):
        path, headers = f"/v1/videos/{call}", {"Idempotency-Key": f"{call}-file"}
        data = {"prompt": "zoom in"}
        first, second = (
            http.post(path, headers=headers, data=data, files=as_file(foreign)) for _ in range(2)
        )
        assert (first.status_code, first.json()["prompt"]) == (200, "zoom in"), first.text
        assert first.json()["id"] == second.json()["id"]


def test_what_carries_no_recipe_is_refused_by_name(
    http: httpx.Client, photograph_bytes: bytes
) -> None:
    for file in (photograph_bytes, b"\0\0\0\x10ftypisom\0\0\0\0"):
        refused = http.post("/v1/videos/recipe", files=as_file(file))
        assert (refused.status_code, refused.json()["error"]["param"]) == (400, "video")
    nothing = http.post("/v1/videos/recipe", files={"other": ("a", b"b")})
    assert nothing.status_code == 400
