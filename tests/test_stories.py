"""What happens to people's requests when the program is killed, stopped, paused or crowded."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from generation.media.probe import probe
from tests.fakes.program.process import Program

pytestmark = pytest.mark.slow

LONG = {"num_frames": "97", "size": "480x256", "prompt": "a slow zoom in"}
SHORT = {"num_frames": "9", "size": "64x64"}


def ask(program: Program, picture: Path, **fields: str) -> str:
    answer = httpx.post(
        f"{program.url}/v1/videos",
        data=fields,
        files={"input_reference": ("p.png", picture.read_bytes())},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def look(program: Program, video_id: str) -> dict[str, Any]:
    video: dict[str, Any] = httpx.get(f"{program.url}/v1/videos/{video_id}").json()
    return video


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    due = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < due, "it never came to pass"
        time.sleep(0.02)


def until_running(program: Program, video_id: str) -> None:
    until(lambda: look(program, video_id)["progress"] > 0)


def photoplay(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=60,
    )


def test_after_kill_9_nothing_is_left_running_and_every_request_is_made(
    program: Program, photograph: Path
) -> None:
    ids = [ask(program, photograph, **LONG), *(ask(program, photograph, **SHORT) for _ in "ab")]
    until_running(program, ids[0])
    children = psutil.Process(program.pid).children(recursive=True)
    assert len(children) >= 2  # the engine and ffmpeg
    program.kill()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    program.start()
    order = []
    for video_id in ids:
        until(lambda one=video_id: look(program, one)["status"] == "completed")  # type: ignore[misc]
        order.append(look(program, video_id)["completed_at"])
    assert order == sorted(order)
    clip = probe(program.data_dir / "clips" / f"{ids[0]}.mp4")
    assert (clip.width, clip.height, clip.frames) == (480, 256, 97)
    recovered = [line for line in program.log.splitlines() if "jobs_recovered" in line]
    assert len(recovered) == 1


def test_a_killed_engine_costs_one_attempt_and_no_request(
    program: Program, photograph: Path
) -> None:
    video_id = ask(program, photograph, **LONG)
    until_running(program, video_id)
    [engine] = [
        child
        for child in psutil.Process(program.pid).children()
        if "generation.child" in child.cmdline()
    ]
    engine.kill()
    until(lambda: look(program, video_id)["status"] == "completed")
    metrics = httpx.get(f"{program.url}/metrics").text
    assert "photoplay_engine_losses_total 1.0" in metrics


def test_sigterm_lets_the_running_job_end_and_keeps_the_rest(
    program: Program, photograph: Path
) -> None:
    running = ask(program, photograph, num_frames="161", size="352x240")
    waiting = ask(program, photograph, **LONG)
    until_running(program, running)
    assert program.stop() == 0
    program.start()
    assert look(program, running)["status"] == "completed"
    until(lambda: look(program, waiting)["status"] == "completed")


def test_however_often_it_is_told_to_stop_it_has_stopped_well(program: Program) -> None:
    for _ in range(400):
        program.send(signal.SIGTERM)
        time.sleep(0.002)
    assert program.stop() == 0


def test_sigterm_tells_watchers_that_it_restarts(program: Program, photograph: Path) -> None:
    video_id = ask(program, photograph, **LONG)
    told: list[str] = []

    def watch() -> None:
        with httpx.stream("GET", f"{program.url}/v1/videos/{video_id}/events", timeout=60) as lines:
            told.extend(line for line in lines.iter_lines() if line.startswith("event: "))

    watching = threading.Thread(target=watch)
    watching.start()
    until_running(program, video_id)
    began = time.monotonic()
    program.send(signal.SIGTERM)
    watching.join(10)
    assert time.monotonic() - began < 3
    assert told[-1] == "event: restarting"
    program.send(signal.SIGTERM)  # a second one ends the grace
    assert program.wait(10) == 0


@pytest.mark.soak
def test_without_grace_the_running_job_is_put_back(tmp_path: Path, photograph: Path) -> None:
    with Program(tmp_path / "data", settings={"PHOTOPLAY_RUN__GRACE": "0"}) as program:
        video_id = ask(program, photograph, **LONG)
        until_running(program, video_id)
        assert program.stop() == 0
        database = sqlite3.connect(program.data_dir / "photoplay.db")
        [[status]] = database.execute("SELECT status FROM jobs").fetchall()
        database.close()
        assert status == "queued"
        program.start()
        until(lambda: look(program, video_id)["status"] == "completed")


def test_a_second_instance_on_the_same_data_refuses_in_one_line(program: Program) -> None:
    answer = photoplay("run", "--data-dir", str(program.data_dir), "--port", "0")
    assert answer.returncode == 1
    [line] = [line for line in answer.stderr.splitlines() if line.startswith("photoplay:")]
    assert "Another photoplay is running" in line
    assert "Traceback" not in answer.stderr


def test_a_taken_port_is_said_in_one_line(program: Program, tmp_path: Path) -> None:
    port = program.url.rpartition(":")[2]
    answer = photoplay("run", "--data-dir", str(tmp_path / "other"), "--port", port)
    assert answer.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_operator_pauses_looks_cancels_and_resumes(program: Program, photograph: Path) -> None:
    folder = ("--data-dir", str(program.data_dir))
    mode = (program.data_dir / "control.sock").stat().st_mode & 0o777
    assert mode == 0o600
    assert photoplay("queue", "pause", *folder).returncode == 0
    first, second = (ask(program, photograph, **SHORT) for _ in "ab")
    listed = json.loads(photoplay("queue", "list", "--json", *folder).stdout)
    assert listed["mode"] == "paused"
    assert [job["id"] for job in listed["jobs"]] == [first, second]
    assert photoplay("queue", "cancel", second, *folder).returncode == 0
    again = photoplay("queue", "cancel", second, *folder)
    assert (again.returncode, "ended already" in again.stderr) == (1, True)
    unknown = photoplay("queue", "cancel", "video_none", *folder)
    assert (unknown.returncode, "no such clip" in unknown.stderr) == (1, True)
    assert look(program, second)["error"]["code"] == "cancelled"
    assert photoplay("queue", "resume", *folder).returncode == 0
    until(lambda: look(program, first)["status"] == "completed")
    assert photoplay("queue", "drain", *folder).returncode == 0
    refused = httpx.post(
        f"{program.url}/v1/videos",
        files={"input_reference": ("p.png", photograph.read_bytes())},
    )
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    program.stop()
    offline = photoplay("queue", "list", *folder)
    assert offline.returncode == 0
    assert "No photoplay is running" in offline.stdout
    assert photoplay("queue", "resume", *folder).returncode == 1


@pytest.mark.soak
def test_a_flood_from_one_browser_does_not_hold_up_another(
    tmp_path: Path, photograph: Path
) -> None:
    keys = '{"flood": "a-key-of-the-flood", "calm": "a-key-of-the-calm-one"}'
    settings = {"PHOTOPLAY_WEB__API_KEYS": keys, "PHOTOPLAY_LIMITS__EXEMPT": '["web:flood"]'}
    with Program(tmp_path / "data", settings=settings) as program:
        flood = {"Authorization": "Bearer a-key-of-the-flood"}
        calm = {"Authorization": "Bearer a-key-of-the-calm-one"}
        files = {"input_reference": ("p.png", photograph.read_bytes())}
        with httpx.Client(base_url=program.url, timeout=60) as http:
            for _ in range(12):
                body = {"num_frames": "97", "size": "704x480"}
                http.post("/v1/videos", data=body, files=files, headers=flood)
            ticket = http.post("/v1/videos", data=SHORT, files=files, headers=calm).json()
            assert ticket["queue_position"] is None or ticket["queue_position"] <= 3


@pytest.mark.skipif(
    os.getuid() != 0 or shutil.which("mount") is None, reason="mounting a small disk needs root"
)
def test_a_full_disk_refuses_clearly_and_corrupts_nothing(tmp_path: Path, photograph: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=230m", "tmpfs", disk])
    if mounted.returncode != 0:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        with Program(disk / "data") as program:
            done = ask(program, photograph, **SHORT)
            until(lambda: look(program, done)["status"] == "completed")
            free = shutil.disk_usage(disk).free
            (disk / "ballast").write_bytes(b"x" * (free - 8192))
            refused = httpx.post(
                f"{program.url}/v1/videos",
                files={"input_reference": ("p.png", photograph.read_bytes())},
            )
            assert refused.status_code == 503
            assert "disk" in refused.json()["error"]["message"]
            (disk / "ballast").unlink()
            again = ask(program, photograph, **SHORT)
            until(lambda: look(program, again)["status"] == "completed")
            assert program.stop() == 0
            database = sqlite3.connect(program.data_dir / "photoplay.db")
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            database.close()
    finally:
        subprocess.run(["umount", disk], check=True)
