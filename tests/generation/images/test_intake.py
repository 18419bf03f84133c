"""Foreign pictures arriving at the bot: real children, and fakes that misbehave."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image

from generation.errors import ImageTooLarge, InvalidImage, Misconfigured, QueueFull
from generation.images.intake import AT_ONCE, PictureIntake, disk_full_is_queue_full
from tests.generation.images.pictures import CORNERS, corner_colours, corners, encoded, near

PICTURE = encoded(corners(), "PNG")
HELLO = """
import json, os, sys, time
def tell(**body): print(json.dumps(body), flush=True)
tell(ready=True)
request = json.loads(sys.stdin.readline())
tell(started=True)
"""


def children() -> set[int]:
    """Processes that this one has started and not yet buried, zombies included."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(after_name[1]) == os.getpid():
                found.add(int(entry.name))
    return found


@pytest.fixture
async def intake() -> AsyncIterator[PictureIntake]:
    before = children()
    intake = PictureIntake()
    await intake.start()
    yield intake
    await intake.close()
    assert children() == before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    folder.mkdir()
    return folder


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not happen within ten seconds")


def fake(tmp_path: Path, program: str, limit: float = 20.0) -> PictureIntake:
    """An intake whose decoders run `program` after they have taken the request."""
    script = tmp_path / "fake.py"
    script.write_text(program)
    return PictureIntake(limit=limit, command=(sys.executable, "-I", str(script)))


async def test_a_picture_becomes_a_png_in_the_workspace(
    intake: PictureIntake, folder: Path
) -> None:
    picture = await intake.take(PICTURE, folder)
    assert (picture.width, picture.height) == (160, 96)
    assert [file.name for file in folder.iterdir()] == [picture.name]
    with Image.open(folder / picture.name) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert all(map(near, corner_colours(image), CORNERS))


async def test_a_file_is_read_where_it_lies_and_left_there(
    intake: PictureIntake, folder: Path, tmp_path: Path
) -> None:
    upload = tmp_path / "Ferien – é.jpg"
    upload.write_bytes(PICTURE)
    picture = await intake.take(upload, folder)
    assert upload.read_bytes() == PICTURE
    assert [file.name for file in folder.iterdir()] == [picture.name]


async def test_too_many_bytes_are_refused_before_anything_else(
    folder: Path, tmp_path: Path
) -> None:
    intake = PictureIntake(command=("/nonexistent",))
    large = tmp_path / "large.png"
    large.write_bytes(bytes(25_000_001))
    for source in (large, bytes(25_000_001)):
        with pytest.raises(ImageTooLarge, match=r"megabytes=25\.1, most=25"):
            await intake.take(source, folder)
    assert not list(folder.iterdir())


async def test_what_is_no_picture_is_refused_with_its_reason(
    intake: PictureIntake, folder: Path
) -> None:
    with pytest.raises(InvalidImage, match="svg"):
        await intake.take(b"<svg/>", folder)
    with pytest.raises(InvalidImage, match="damaged"):
        await intake.take(PICTURE[: len(PICTURE) // 2], folder)
    assert not list(folder.iterdir())


async def test_a_spare_waits_before_every_picture(intake: PictureIntake, folder: Path) -> None:
    (first,) = children()
    await intake.take(PICTURE, folder)
    (second,) = children()
    assert first != second


async def test_no_decoder_ever_sees_a_secret(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PHOTOPLAY_DISCORD__TOKEN", "s3cret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    intake = PictureIntake()
    await intake.start()
    (spare,) = children()
    environment = Path(f"/proc/{spare}/environ").read_bytes()
    assert b"PYTHONPATH=" in environment
    assert b"s3cret" not in environment
    assert b"PHOTOPLAY" not in environment
    await intake.close()


async def test_a_spare_killed_while_idle_is_replaced_and_the_picture_still_taken(
    intake: PictureIntake, folder: Path
) -> None:
    (spare,) = children()
    os.kill(spare, signal.SIGKILL)
    assert (await intake.take(PICTURE, folder)).width == 160


async def test_a_decoder_killed_at_work_ends_in_a_refusal(tmp_path: Path, folder: Path) -> None:
    intake = fake(tmp_path, HELLO + "os.kill(os.getpid(), 9)")
    with pytest.raises(InvalidImage, match="unreadable"):
        await intake.take(PICTURE, folder)
    await intake.close()
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    "answer",
    [
        "print('no JSON')",
        "print('x' * 100_000)",
        "tell(picture={'width': 10**9, 'height': 64})",
        "tell(picture={'width': '64', 'height': 64})",
        "tell(invalid={'reason': 'x' * 1000})",
        "tell(invalid={'reason': 'too_small', 'facts': {'width': 1}})",
        "tell(invalid={'reason': 'svg', 'facts': {'text': 'click here'}})",
        "tell(unheard_of={})",
        "print('[]')",
    ],
)
async def test_an_answer_that_no_decoder_gives_is_not_believed(
    answer: str, tmp_path: Path, folder: Path
) -> None:
    intake = fake(tmp_path, HELLO + answer)
    with pytest.raises(InvalidImage, match="unreadable"):
        await intake.take(PICTURE, folder)
    await intake.close()


async def test_a_decoder_that_hangs_is_killed_at_its_limit(tmp_path: Path, folder: Path) -> None:
    intake = fake(
        tmp_path, HELLO + "open(request['target'], 'w').write('half')\ntime.sleep(60)", 0.5
    )
    with pytest.raises(InvalidImage, match="too_slow"):
        await intake.take(PICTURE, folder)
    assert len(children()) == 1  # the spare
    await intake.close()
    assert not children()
    assert not list(folder.iterdir())


async def test_a_decoder_that_chatters_is_drained(tmp_path: Path, folder: Path) -> None:
    chatter = (
        "sys.stderr.write('warning: /secret/path\\n' * 5_000)\ntell(invalid={'reason': 'svg'})"
    )
    intake = fake(tmp_path, HELLO + chatter)
    with pytest.raises(InvalidImage, match="svg"):
        await intake.take(PICTURE, folder)
    await intake.close()


@pytest.mark.parametrize(
    ("answer", "why"),
    [("tell(full={})", "disk_full"), ("tell(broken={'reason': 'OSError'})", "no_decoder")],
)
async def test_what_fails_on_our_side_is_not_blamed_on_the_picture(
    answer: str, why: str, tmp_path: Path, folder: Path
) -> None:
    intake = fake(tmp_path, HELLO + answer)
    with pytest.raises(QueueFull, match=why):
        await intake.take(PICTURE, folder)
    await intake.close()
    assert not list(folder.iterdir())


def test_a_full_disk_is_a_refusal_and_other_errors_stay_errors() -> None:
    with pytest.raises(QueueFull, match="disk_full"), disk_full_is_queue_full():
        Path("/dev/full").write_bytes(b"x")
    with pytest.raises(FileNotFoundError), disk_full_is_queue_full():
        Path("/nonexistent/file").write_bytes(b"x")


async def test_a_decoder_that_does_not_start_is_found_at_start(tmp_path: Path) -> None:
    for command in [("/nonexistent",), (sys.executable, "-I", "-c", "raise SystemExit(3)")]:
        with pytest.raises(Misconfigured, match="decoder does not start"):
            await PictureIntake(command=command).start()
    slow = fake(tmp_path, "import time; time.sleep(60)", limit=0.3)
    with pytest.raises(Misconfigured):
        await slow.start()
    assert not children()


async def test_a_decoder_that_no_longer_starts_is_not_blamed_on_the_picture(folder: Path) -> None:
    for command in [("/nonexistent",), (sys.executable, "-I", "-c", "raise SystemExit(3)")]:
        intake = PictureIntake(command=command)
        with pytest.raises(QueueFull, match="no_decoder"):
            await intake.take(PICTURE, folder)
        await intake.close()
    assert not children()
    assert not list(folder.iterdir())


async def test_forty_at_once_are_taken_by_two_at_a_time(
    intake: PictureIntake, folder: Path
) -> None:
    most = 0

    async def count() -> None:
        nonlocal most
        while True:
            most = max(most, len(children()))
            await asyncio.sleep(0.02)

    counting = asyncio.create_task(count())
    pictures = await asyncio.gather(*(intake.take(PICTURE, folder) for _ in range(40)))
    counting.cancel()
    names = {picture.name for picture in pictures}
    assert names == {file.name for file in folder.iterdir()}
    assert len(names) == 40
    assert most <= AT_ONCE + 1


async def test_cancelling_at_any_moment_leaves_no_file_and_no_child(
    intake: PictureIntake, folder: Path
) -> None:
    for moment in range(10):
        taking = asyncio.create_task(intake.take(PICTURE, folder))
        await asyncio.sleep(moment * 0.008)
        taking.cancel()
        try:
            picture = await taking
        except asyncio.CancelledError:
            assert not list(folder.iterdir())
        else:
            (folder / picture.name).unlink()
        assert len(children()) <= 1  # the spare


async def test_cancelling_frees_the_turn_of_a_decoder_that_hangs(
    tmp_path: Path, folder: Path
) -> None:
    intake = fake(tmp_path, HELLO + "time.sleep(60)")
    for _ in range(AT_ONCE + 1):
        taking = asyncio.create_task(intake.take(PICTURE, folder))
        await until(lambda: any(folder.iterdir()))
        await asyncio.sleep(0.1)
        taking.cancel()
        await asyncio.wait([taking])
        assert taking.cancelled()
        assert not list(folder.iterdir())
    await intake.close()
    assert not children()


async def test_closing_refuses_what_is_on_its_way(tmp_path: Path, folder: Path) -> None:
    intake = fake(tmp_path, HELLO + "open(request['target'], 'w').close()\ntime.sleep(60)")
    taking = [asyncio.create_task(intake.take(PICTURE, folder)) for _ in range(3)]
    await until(lambda: any(folder.glob("*.part")))
    await intake.close()
    for outcome in await asyncio.gather(*taking, return_exceptions=True):
        assert "restarting" in str(outcome)
    assert not children()
    assert not list(folder.iterdir())
