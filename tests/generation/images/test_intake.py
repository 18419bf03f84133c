"""Foreign pictures arriving at the bot, taken by real children."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from generation.errors import ImageTooLarge, InvalidImage, QueueFull
from generation.images.intake import AT_ONCE, PictureIntake, disk_full_is_queue_full
from tests.generation.images.decoders import PICTURE, children
from tests.generation.images.pictures import (
    CORNERS,
    corner_colours,
    corners,
    display_p3,
    encoded,
    exif,
    near,
    png_chunks,
)

pytestmark = pytest.mark.slow


async def test_a_picture_becomes_a_png_in_the_workspace(
    intake: PictureIntake, folder: Path
) -> None:
    picture = await intake.take(PICTURE, folder)
    assert (picture.width, picture.height) == (160, 96)
    assert [file.name for file in folder.iterdir()] == [picture.name]
    with Image.open(folder / picture.name) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert all(map(near, corner_colours(image), CORNERS))


@pytest.mark.parametrize(
    "name", ["Ferien – é.jpg", "no ending", "-rf.png", "line\nbreak.gif", "🏖.exe"]
)
async def test_a_file_is_read_where_it_lies_and_left_there_whatever_it_is_called(
    name: str, intake: PictureIntake, folder: Path, tmp_path: Path
) -> None:
    upload = tmp_path / name
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


async def test_nothing_but_pixels_is_carried_over(intake: PictureIntake, folder: Path) -> None:
    words = {"comment": b"home address", "icc_profile": display_p3(), "dpi": (300, 300)}
    picture = await intake.take(encoded(corners(), "JPEG", exif=exif(6), **words), folder)
    result = folder / picture.name
    assert set(png_chunks(result.read_bytes())) == {b"IHDR", b"IDAT", b"IEND"}
    assert result.stat().st_mode & 0o077 == 0


def test_a_full_disk_is_a_refusal_and_other_errors_stay_errors() -> None:
    with pytest.raises(QueueFull, match="disk_full"), disk_full_is_queue_full():
        Path("/dev/full").write_bytes(b"x")
    with pytest.raises(FileNotFoundError), disk_full_is_queue_full():
        Path("/nonexistent/file").write_bytes(b"x")


@pytest.mark.soak
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
    pictures = await asyncio.gather(*(intake.take(PICTURE, folder, f"web:{n}") for n in range(40)))
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
