"""Whatever is killed or stopped: one outcome for each request, the quota exact, nothing left over.

`PHOTOPLAY_TORTURE` is the round's length in seconds (`make torture`: a quarter of an hour),
`PHOTOPLAY_TORTURE_SEED` repeats the beginning of a round that failed.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import sqlite3
import time
from collections import Counter
from pathlib import Path

import httpx
import psutil
import pytest

from generation.media.probe import probe
from tests.fakes.program.process import Program
from tests.torture.harm import Harm
from tests.torture.people import KEYS, NAMES, PICTURE, People

SECONDS = float(os.environ.get("PHOTOPLAY_TORTURE", "8"))
SEED = int(os.environ.get("PHOTOPLAY_TORTURE_SEED", secrets.randbelow(1_000_000)))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS * 1.5 + 240)]

MANY = 1_000_000


def settings(per_hour: int = MANY) -> dict[str, str]:
    limits = {"PER_HOUR": per_hour, "PER_DAY": MANY, "QUEUED_PER_USER": 50}
    return {
        "PHOTOPLAY_WEB__API_KEYS": json.dumps(KEYS),
        "PHOTOPLAY_RUN__GRACE": "2",
        **{f"PHOTOPLAY_LIMITS__{name}": str(value) for name, value in limits.items()},
    }


def test_every_request_has_one_outcome_whatever_dies(tmp_path: Path) -> None:
    print(f"\nPHOTOPLAY_TORTURE={SECONDS:g} PHOTOPLAY_TORTURE_SEED={SEED}")
    chance, data = random.Random(SEED), tmp_path / "data"
    with Program(data, settings=settings()) as program:
        people, harm = People(program, chance), Harm(program, chance)
        due = time.monotonic() + SECONDS
        while time.monotonic() < due:
            people.something()
            if chance.random() < 0.25:
                harm.something()
            time.sleep(chance.random() * 0.1)
        people.until_all_has_ended(seconds=120 + SECONDS / 4)
        family = harm.family()
        assert program.stop() == 0
        people.close()
    ends = Counter(one.end for one in people.asked)
    print(f"{len(people.asked)} requests: {dict(ends)}; {dict(Counter(harm.done))}")
    assert_only_expected_outcomes(people)
    assert_nobody_is_left(family)
    assert_one_row_for_each(people, data)
    assert_no_stray_file(people, data)
    assert_quota_is_exact(people, data, chance.choice(NAMES))


def assert_only_expected_outcomes(people: People) -> None:
    for one in people.asked:
        allowed = {"completed", "engine_crashed"} | ({"cancelled"} if one.cancelled else set())
        assert one.end in allowed, f"SEED {SEED}: {one}"


def assert_nobody_is_left(family: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []


def assert_one_row_for_each(people: People, data: Path) -> None:
    database = sqlite3.connect(data / "photoplay.db")
    rows = [key for (key,) in database.execute("SELECT id FROM jobs")]
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
    assert sorted(rows) == sorted(str(one.id) for one in people.asked)


def assert_no_stray_file(people: People, data: Path) -> None:
    """Of each request its picture at most, of each success one whole clip, and nothing else."""
    made = {str(one.id): one for one in people.asked if one.end == "completed"}
    clips = {path.name.split(".")[0] for path in (data / "clips").iterdir()}
    assert clips == set(made)
    for video_id, one in made.items():
        assert probe(data / "clips" / f"{video_id}.mp4").frames == int(one.frames)
    hidden = [path for path in data.rglob(".*") if path.is_file() and path.name != ".lock"]
    assert hidden == []
    assert len(list((data / "inputs").iterdir())) <= len(people.asked)


def assert_quota_is_exact(people: People, data: Path, name: str) -> None:
    used = counted(data, name)
    assert used >= sum(one.who == name and one.end == "completed" for one in people.asked)
    for per_hour, expected in ((used, 429), (used + 1, 200)):
        with Program(data, settings=settings(per_hour)) as program:
            answer = httpx.post(
                f"{program.url}/v1/videos",
                headers={"Authorization": f"Bearer {KEYS[name]}"},
                data={"num_frames": "9", "size": "64x64"},
                files={"input_reference": ("p.png", PICTURE)},
                timeout=30,
            )
            assert answer.status_code == expected, answer.text


def counted(data: Path, name: str) -> int:
    """Clips that were made, and those taken back once they had begun."""
    database = sqlite3.connect(data / "photoplay.db")
    [[count]] = database.execute(
        "SELECT count(*) FROM jobs WHERE user = ? AND (status = 'succeeded' "
        "OR (status = 'cancelled' AND started_at > 0))",
        (name,),
    )
    database.close()
    return int(count)
