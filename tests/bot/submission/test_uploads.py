"""Who is in the intake is counted and takes turns, and what they bring is gone when they leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.submission.options import Options
from bot.submission.uploads import Uploads
from generation.errors import Blocked, ImageTooLarge, InvalidImage, QueueFull, QuotaExceeded
from generation.images.intake import Picture
from generation.images.limits import MAX_BYTES
from generation.store.quota import Limits
from generation.workspace import RESERVE, Workspace
from tests.fakes.program.chat import KIM, LEO, SEA, VIP, CopyingPictures, chatting
from tests.fakes.program.core import Disk

TWO = Limits(queued_per_user=2, per_hour=10, per_day=40, queue_size=99)


async def of(*pieces: bytes) -> AsyncGenerator[bytes]:
    for piece in pieces:
        yield piece


def workspace(folder: Path, disk: Disk | None = None) -> Workspace:
    made = Workspace(folder, keep_inputs=1, keep_clips=1, free_bytes=disk or Disk())
    made.create()
    return made


async def test_what_is_on_its_way_counts_and_one_too_many_is_refused_before_its_bytes(
    tmp_path: Path,
) -> None:
    async with chatting(tmp_path, limits=TWO) as at:
        async with at.submission.admitted(KIM, key=None) as first:
            await at.submission.animate(first, b"picture", SEA, address=None)
            async with at.submission.admitted(KIM, key=None):
                with pytest.raises(QuotaExceeded, match="active") as refused:
                    async with at.submission.admitted(KIM, key=None):
                        pass
                assert refused.value.facts["used"] == 2
                async with (
                    at.submission.admitted(LEO, key=None),
                    at.submission.admitted(VIP, key=None),
                ):
                    pass
        async with at.submission.admitted(KIM, key=None):
            pass


async def test_a_retry_may_not_come_any_number_of_times_at_once_either(tmp_path: Path) -> None:
    async with chatting(tmp_path, limits=TWO) as at:
        await at.asked(key="1")
        async with at.submission.admitted(KIM, key="1"), at.submission.admitted(KIM, key="1"):
            with pytest.raises(QuotaExceeded, match="active"):
                async with at.submission.admitted(KIM, key="1"):
                    pass


async def test_an_hour_that_is_nearly_used_up_is_kept_for_who_came_first(tmp_path: Path) -> None:
    one_left = Limits(queued_per_user=9, per_hour=2, per_day=9, queue_size=99)
    async with chatting(tmp_path, limits=one_left) as at:
        await at.asked()
        async with at.submission.admitted(KIM, key=None) as admission:
            with pytest.raises(QuotaExceeded, match="moment"):
                async with at.submission.admitted(KIM, key=None):
                    pass
            await at.submission.animate(admission, b"picture", SEA, address=None)
        with pytest.raises(QuotaExceeded, match="hour"):
            await at.asked()


async def test_bytes_lie_on_the_disk_until_their_request_leaves(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    async with Uploads(space).begun("web:ann") as upload:
        path = await upload.store(of(b"a" * 300_000, b"b"))
        assert path.read_bytes() == b"a" * 300_000 + b"b"
        assert path.stat().st_mode & 0o777 == 0o600
        assert (await upload.store(of())).read_bytes() == b""
    assert list(space.inputs.iterdir()) == []


async def test_a_picture_is_ended_at_the_cap_and_where_the_disk_has_no_room(
    tmp_path: Path,
) -> None:
    disk = Disk()
    space, asked = workspace(tmp_path, disk), 0

    async def endless() -> AsyncGenerator[bytes]:
        nonlocal asked
        while True:
            asked += 1
            yield bytes(2**20)

    async with Uploads(space).begun("web:ann") as upload:
        with pytest.raises(ImageTooLarge):
            await upload.store(endless())
        assert asked == MAX_BYTES // 2**20 + 1
        disk.free = RESERVE - 1
        with pytest.raises(QueueFull, match="disk_low"):
            await upload.store(endless())
    assert list(space.inputs.iterdir()) == []


async def test_who_is_cut_off_in_mid_write_leaves_no_file(tmp_path: Path) -> None:
    space = workspace(tmp_path)

    async def come() -> None:
        async with Uploads(space).begun("web:ann") as upload:
            while True:
                await upload.store(of(bytes(2**20)))

    for moment in range(5):
        coming = asyncio.create_task(come())
        await asyncio.sleep(moment * 0.003)
        coming.cancel()
        await asyncio.wait([coming])
        assert list(space.inputs.iterdir()) == []


class Slow(CopyingPictures):
    """Every picture takes its decoder's whole time."""

    async def take(self, source: bytes | Path, folder: Path, owner: str = "") -> Picture:
        raise InvalidImage("too_slow")


async def test_a_picture_that_takes_the_decoders_whole_time_is_a_strike(tmp_path: Path) -> None:
    async with chatting(tmp_path, pictures=Slow()) as at:
        for who in [KIM] * 4 + [VIP] * 9:
            with pytest.raises(InvalidImage, match="too_slow"):
                await at.asked(who)
        with pytest.raises(Blocked, match="strikes"):
            await at.asked(KIM)
        with pytest.raises(Blocked, match="until"):
            await at.asked(KIM, Options("the sea"))
