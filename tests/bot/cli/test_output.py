"""Clips go where `-o` says and destroy nothing on the way."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from bot.cli.output import Beside, Into, Named, make_folder, place, target_of
from bot.language.catalogue import load_texts
from generation.errors import InvalidImage, OperatorError

ENGLISH = load_texts().of(None)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "photo.mp4"  # whoever named it so still wants it back
    path.write_bytes(b"a picture")
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "made" / "once.mp4"
    path.parent.mkdir()
    path.write_bytes(b"a clip")
    return path


def test_a_picture_that_was_given_is_never_the_target(tmp_path: Path, picture: Path) -> None:
    link, hard = tmp_path / "link.mp4", tmp_path / "hard.mp4"
    link.symlink_to(picture)
    hard.hardlink_to(picture)
    for output in (picture, link, hard, tmp_path / "made" / ".." / "photo.mp4"):
        (tmp_path / "made").mkdir(exist_ok=True)
        with pytest.raises(OperatorError, match="a file you gave"):
            target_of(str(output), [picture], 1, ENGLISH)


def test_a_name_that_leads_to_any_picture_is_refused(tmp_path: Path) -> None:
    other, link = tmp_path / "other.png", tmp_path / "link.mp4"
    other.write_bytes(b"a photograph")
    link.symlink_to(other)
    with pytest.raises(OperatorError, match="ends like a picture"):
        target_of(str(link), [], 1, ENGLISH)
    with pytest.raises(OperatorError, match="There is no folder"):
        target_of(f"{other}/", [], 1, ENGLISH)
    with pytest.raises(OperatorError, match="-o is empty"):
        target_of("", [], 1, ENGLISH)


@pytest.mark.parametrize("name", ["clip.png", "clip", "clip.webm", ".mp4"])
def test_an_ending_that_is_no_videos_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OperatorError, match=r"end it in \.mp4"):
        target_of(str(tmp_path / name), [], 1, ENGLISH)


def test_several_clips_need_a_folder(tmp_path: Path) -> None:
    assert target_of(str(tmp_path), [], 3, ENGLISH) == Beside(tmp_path)
    file = tmp_path / "file"
    file.touch()
    for name in (str(tmp_path / "clip.mp4"), str(file), "-", "/dev/null"):
        with pytest.raises(OperatorError, match=r"3 clips do not fit into .*; give a folder\."):
            target_of(name, [], 3, ENGLISH)


@pytest.mark.parametrize(("output", "count"), [("clips/", 1), ("clips/", 3), ("clips", 3)])
def test_a_folder_that_is_not_there_is_made_but_not_its_parents(
    tmp_path: Path, output: str, count: int
) -> None:
    target = target_of(f"{tmp_path}/{output}", [], count, ENGLISH)
    assert target == Beside(tmp_path / "clips")
    make_folder(target, ENGLISH)
    make_folder(target, ENGLISH)
    assert (tmp_path / "clips").is_dir()
    with pytest.raises(InvalidImage) as refused:
        target_of(f"{tmp_path}/no/{output}", [], count, ENGLISH)
    assert refused.value.facts == {"path": str(tmp_path / "no")}


def test_a_folder_that_cannot_be_made_is_said_before_a_clip_is(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written"):
        make_folder(target_of("/proc/clips/", [], 1, ENGLISH), ENGLISH)


def test_a_folder_gets_a_clip_with_the_pictures_name_and_keeps_earlier_ones(
    tmp_path: Path, picture: Path, clip: Path
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    names = [
        place(clip, target_of(str(folder), [picture], 1, ENGLISH), picture, ENGLISH)
        for _ in range(3)
    ]
    assert names == [str(folder / f"photo{end}.mp4") for end in ("", "-2", "-3")]
    assert {path.read_bytes() for path in folder.iterdir()} == {b"a clip"}


def test_a_file_that_was_there_is_replaced_whole_and_keeps_its_mode(
    tmp_path: Path, clip: Path
) -> None:
    old, link = tmp_path / "old.mp4", tmp_path / "link.mp4"
    old.write_bytes(b"before")
    old.chmod(0o604)
    link.symlink_to(old)
    assert place(clip, target_of(str(link), [], 1, ENGLISH), clip, ENGLISH) == str(link)
    assert (old.read_bytes(), stat.S_IMODE(old.stat().st_mode)) == (b"a clip", 0o604)
    assert link.is_symlink()
    assert {path.name for path in tmp_path.iterdir()} == {"old.mp4", "link.mp4", "made"}


def test_a_device_stays_what_it_is(clip: Path) -> None:
    before = os.stat("/dev/null")
    assert (
        place(clip, target_of(str(Path("/dev/null")), [], 1, ENGLISH), clip, ENGLISH) == "/dev/null"
    )
    after = os.stat("/dev/null")
    assert (after.st_mode, after.st_rdev) == (before.st_mode, before.st_rdev)


def test_a_pipe_carries_the_clip_and_stays_a_pipe(tmp_path: Path, clip: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o622)
    mode = pipe.stat().st_mode
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    place(clip, target_of(str(pipe), [], 1, ENGLISH), clip, ENGLISH)
    reader.join()
    assert read == [b"a clip"]
    assert pipe.stat().st_mode == mode


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, clip: Path) -> None:
    with pytest.raises(OperatorError, match="no space left on device"):
        place(clip, Into(Path("/dev/full")), clip, ENGLISH)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OperatorError, match="not a directory"):
        place(clip, Named(tmp_path / "file" / "clip.mp4"), clip, ENGLISH)
