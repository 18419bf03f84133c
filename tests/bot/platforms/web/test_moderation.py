"""What is not welcome is refused before it is queued; what somebody deletes is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.bot.cli.commands import complaint, photoplay
from tests.bot.platforms.web.test_api import made, post
from tests.fakes.disk.trouble import locked
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

RULES = {
    "PHOTOPLAY_MODERATION__BLOCKED_WORDS": '["gore"]',
    "PHOTOPLAY_MODERATION__BLOCKED_PATTERNS": '["forbidden\\\\s+fruit"]',
}


KEYS = {"PHOTOPLAY_WEB__API_KEYS": '{"alice": "a-key-of-alices-own"}'}
ALICE = {"Authorization": "Bearer a-key-of-alices-own"}


@pytest.fixture
def http(tmp_path: Path) -> Iterator[httpx.Client]:
    """Of one who is not the operator."""
    with (
        Program(tmp_path / "data", settings={**RULES, **KEYS}) as program,
        httpx.Client(base_url=program.url, headers=ALICE, timeout=60) as client,
    ):
        yield client


def test_words_and_patterns_are_refused_here_and_in_remixes_and_the_fifth_try_blocks(
    http: httpx.Client, photograph_bytes: bytes
) -> None:
    video = made(http, photograph_bytes)
    for prompt in ("g0re everywhere", "GORE", "a forbidden  fruit"):
        answer = post(http, photograph_bytes, prompt=prompt)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unwelcome")
        assert prompt not in answer.text
    remix = f"/v1/videos/{video['id']}/remix"
    statuses = [http.post(remix, json={"prompt": "gore"}).status_code for _ in range(2)]
    assert statuses == [400, 403]
    answer = post(http, photograph_bytes, prompt="a quiet lake")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "blocked")


@pytest.mark.soak
def test_while_another_program_holds_the_database_everybody_is_told_to_come_back(
    tmp_path: Path, photograph_bytes: bytes
) -> None:
    data = tmp_path / "data"
    with (
        Program(data, settings=RULES) as program,
        httpx.Client(base_url=program.url, timeout=60) as http,
    ):
        with locked(data / "photoplay.db"):
            answer = post(http, photograph_bytes, prompt="gore")
            paused = photoplay(tmp_path, "queue", "pause")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "queue_full")
        assert "Retry-After" in answer.headers
        assert "another program holds its database" in complaint(paused)
        assert post(http, photograph_bytes, prompt="gore").status_code == 400
        assert photoplay(tmp_path, "queue", "pause").returncode == 0


def test_words_inside_of_others_are_nobodys_business(
    http: httpx.Client, photograph_bytes: bytes
) -> None:
    assert post(http, photograph_bytes, prompt="a gorecki symphony").status_code == 200


def test_a_deleted_video_is_gone_with_its_files(
    http: httpx.Client, photograph_bytes: bytes, tmp_path: Path
) -> None:
    video = made(http, photograph_bytes, prompt="a private thing")
    path = f"/v1/videos/{video['id']}"
    answer = http.delete(path).json()
    assert answer == {"id": video["id"], "object": "video.deleted", "deleted": True}
    assert list((tmp_path / "data" / "clips").iterdir()) == []
    assert http.get(f"{path}/content").status_code == 404
    assert "a private thing" not in http.get("/v1/videos").text
    assert http.delete("/v1/videos/video_aaaaaaaaaaaaaaaaaa").status_code == 404


def test_a_pattern_that_is_none_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    answer = photoplay(tmp_path, "run", PHOTOPLAY_MODERATION__BLOCKED_PATTERNS='["("]')
    assert "moderation.blocked_patterns" in complaint(answer)
