"""A clip by its signed address: whoever has it may watch, and nobody else learns anything."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

KEY = "a-key-of-at-least-sixteen-characters"
PUBLIC = "http://clips.example.org"


def test_who_has_the_address_watches_without_a_key(tmp_path: Path, photograph: Path) -> None:
    settings = {
        "PHOTOPLAY_WEB__PUBLIC_URL": PUBLIC,
        "PHOTOPLAY_WEB__API_KEYS": f'{{"ann": "{KEY}"}}',
    }
    with Program(tmp_path / "data", settings=settings) as program:
        with httpx.Client(base_url=program.url, headers={"Authorization": f"Bearer {KEY}"}) as ann:
            asked = ann.post(
                "/v1/videos",
                data={"prompt": "zoom in", "seconds": "0.5", "size": "64x64"},
                files={"input_reference": photograph.read_bytes()},
            )
            job_id = asked.json()["id"]
            while ann.get(f"/v1/videos/{job_id}").json()["status"] != "completed":
                time.sleep(0.05)
            told = ann.get(f"/v1/videos/{job_id}/link").json()["url"]
        assert told.startswith(f"{PUBLIC}/clips/")
        path = told.removeprefix(PUBLIC)
        with httpx.Client(base_url=program.url) as anybody:
            clip = anybody.get(path)
            assert (clip.status_code, clip.headers["content-type"]) == (200, "video/mp4")
            assert clip.content[4:8] == b"ftyp"
            part = anybody.get(path, headers={"Range": "bytes=0-99"})
            assert (part.status_code, len(part.content)) == (206, 100)
            assert anybody.get(f"{path}x").status_code == 404
            assert anybody.get("/clips/video_aaaaaaaaaaaaaaaaaa").status_code == 404
            for own in ("content", "link"):
                assert anybody.get(f"/v1/videos/{job_id}/{own}").status_code == 401
        (program.data_dir / "clips" / f"{job_id}.mp4").unlink()
        with httpx.Client(base_url=program.url) as anybody:
            assert anybody.get(path).status_code == 404
