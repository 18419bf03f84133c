"""What is kept and what goes: nothing a job still needs, nothing for ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generation.errors import Misconfigured, QueueFull
from generation.workspace import Swept, Workspace
from tests.fakes.program.core import Clock

HOUR, DAY = 3600.0, 86400.0


def workspace(folder: Path, clock: Clock, *, free: int = 10**12) -> Workspace:
    made = Workspace(
        folder,
        keep_inputs=24 * HOUR,
        keep_clips=7 * DAY,
        clock=clock,
        steady=clock,
        free_bytes=lambda _: free,
    )
    made.create()
    return made


def put(path: Path, clock: Clock, *, age: float) -> Path:
    path.write_bytes(b"x")
    os.utime(path, (clock() - age, clock() - age))
    return path


def test_what_has_outlived_its_time_goes_and_the_rest_stays(tmp_path: Path) -> None:
    clock = Clock()
    here = workspace(tmp_path, clock)
    old_input = put(here.input("old.png"), clock, age=25 * HOUR)
    needed = put(here.input("needed.png"), clock, age=99 * DAY)
    new_input = put(here.input("new.png"), clock, age=23 * HOUR)
    old_clip = put(here.clip("video_old"), clock, age=8 * DAY)
    old_thumbnail = put(here.thumbnail("video_old"), clock, age=8 * DAY)
    new_clip = put(here.clip("video_new"), clock, age=6 * DAY)
    assert here.sweep({"needed.png"}) == Swept(inputs=1, clips=2)
    assert not old_input.exists()
    assert not old_clip.exists()
    assert not old_thumbnail.exists()
    assert needed.exists()
    assert new_input.exists()
    assert new_clip.exists()


def test_what_a_killed_process_left_half_written_goes_after_an_hour(tmp_path: Path) -> None:
    clock = Clock()
    here = workspace(tmp_path, clock)
    abandoned = put(here.clips / ".video.mp4.ab12.video.part", clock, age=2 * HOUR)
    writing = put(here.clips / ".video.mp4.cd34.video.part", clock, age=60)
    assert here.sweep(()) == Swept(inputs=0, clips=1)
    assert not abandoned.exists()
    assert writing.exists()


def test_a_folder_that_cannot_be_written_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match="data_dir cannot be written"):
        workspace(tmp_path / "file" / "data", Clock())


def test_a_nearly_full_disk_takes_nothing_new(tmp_path: Path) -> None:
    workspace(tmp_path, Clock()).check_room()
    with pytest.raises(QueueFull):
        workspace(tmp_path, Clock(), free=10**6).check_room()
