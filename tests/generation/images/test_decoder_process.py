"""Decoders that misbehave in every way we know, and what becomes of the picture."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from PIL import Image

from generation.errors import InvalidImage, Misconfigured, QueueFull
from generation.images.intake import AT_ONCE, PictureIntake
from tests.generation.images.decoders import HELLO, PICTURE, children, fake, until

pytestmark = pytest.mark.slow


async def test_a_decoder_killed_at_work_is_a_crash_and_another_takes_the_picture(
    tmp_path: Path, folder: Path
) -> None:
    once = f"""
mark = {str(tmp_path / "killed")!r}
if not os.path.exists(mark):
    open(mark, "w").close()
    os.kill(os.getpid(), 9)
tell(picture=dict(width=2, height=1, missing=0.0))
sys.stdout.buffer.write(bytes([255, 0, 0, 0, 0, 255]))
"""
    intake = fake(tmp_path, HELLO + once)
    picture = await intake.take(PICTURE, folder)
    with Image.open(folder / picture.name) as image:
        assert [image.getpixel((x, 0)) for x in (0, 1)] == [(255, 0, 0), (0, 0, 255)]
    await intake.close()


async def test_a_picture_that_kills_every_decoder_ends_in_a_refusal(
    tmp_path: Path, folder: Path
) -> None:
    count = tmp_path / "count"
    killed = f"open({str(count)!r}, 'a').write('x')\nos.kill(os.getpid(), 11)"
    intake = fake(tmp_path, HELLO + killed)
    with pytest.raises(InvalidImage, match="unreadable"):
        await intake.take(PICTURE, folder)
    await intake.close()
    assert count.read_text() == "xxx"
    assert not list(folder.iterdir())


async def test_a_decoder_that_dies_of_itself_is_not_asked_again(
    tmp_path: Path, folder: Path
) -> None:
    count = tmp_path / "count"
    ended = f"open({str(count)!r}, 'a').write('x')\nsys.exit(1)"
    intake = fake(tmp_path, HELLO + ended)
    with pytest.raises(InvalidImage, match="unreadable"):
        await intake.take(PICTURE, folder)
    await intake.close()
    assert count.read_text() == "x"


async def test_pixels_that_do_not_all_come_are_no_picture(tmp_path: Path, folder: Path) -> None:
    half = "tell(picture=dict(width=2, height=1, missing=0.0))\nsys.stdout.write('half')"
    intake = fake(tmp_path, HELLO + half)
    with pytest.raises(InvalidImage, match="unreadable"):
        await intake.take(PICTURE, folder)
    await intake.close()
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    "answer",
    [
        "print('no JSON')",
        "print('x' * 100_000)",
        "tell(picture={'width': 10**9, 'height': 64, 'missing': 0.0})",
        "tell(picture={'width': '64', 'height': 64, 'missing': 0.0})",
        "tell(picture={'width': 64, 'height': 64})",
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


async def test_a_picture_that_uses_up_the_processors_time_is_too_slow_and_not_tried_again(
    tmp_path: Path, folder: Path
) -> None:
    count = tmp_path / "count"
    endless = f"""
import resource
open({str(count)!r}, "a").write("x")
resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
while True:
    pass
"""
    intake = fake(tmp_path, HELLO + endless)
    with pytest.raises(InvalidImage, match="too_slow"):
        await intake.take(PICTURE, folder)
    await intake.close()
    assert count.read_text() == "x"


async def test_a_decoder_without_time_is_killed_at_its_limit_and_its_picture_not_blamed(
    tmp_path: Path, folder: Path
) -> None:
    half = "tell(picture=dict(width=64, height=64, missing=0.0))\ntime.sleep(60)"
    intake = fake(tmp_path, HELLO + half, 0.5)
    with pytest.raises(QueueFull, match="no_decoder"):
        await intake.take(PICTURE, folder)
    assert len(children()) == 1  # the spare
    await intake.close()
    assert not children()
    assert not list(folder.iterdir())


async def test_a_decoder_that_chatters_is_drained(tmp_path: Path, folder: Path) -> None:
    chatter = "sys.stderr.write('warning: /secret/path\\n' * 500)\ntell(invalid={'reason': 'svg'})"
    intake = fake(tmp_path, HELLO + chatter)
    with pytest.raises(InvalidImage, match="svg"):
        await intake.take(PICTURE, folder)
    await intake.close()


@pytest.mark.parametrize("piece", ["b'a' * 65536", "b'a/' * 32768", "b'\\n' * 65536", "b'a'"])
async def test_a_decoder_that_prints_without_end_is_ended_like_one_that_takes_its_whole_time(
    piece: str, tmp_path: Path, folder: Path
) -> None:
    count = tmp_path / "count"
    flood = f"open({str(count)!r}, 'a').write('x')\nwhile True: os.write(2, {piece})"
    intake = fake(tmp_path, HELLO + flood)
    with pytest.raises(InvalidImage, match="too_slow"):
        await intake.take(PICTURE, folder)
    await intake.close()
    assert count.read_text() == "x"
    assert not children()


async def test_a_decoder_that_was_stopped_before_its_picture_came_is_replaced(
    tmp_path: Path, folder: Path
) -> None:
    intake = fake(tmp_path, HELLO + "tell(invalid={'reason': 'svg'})", limit=60.0)
    await intake.start()
    [spare] = children()
    os.kill(spare, signal.SIGSTOP)
    with pytest.raises(InvalidImage, match="svg"):
        await intake.take(PICTURE, folder)
    assert spare not in children()
    await intake.close()


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


async def test_beside_pictures_of_one_owner_that_take_long_everybody_elses_are_taken(
    tmp_path: Path, folder: Path
) -> None:
    by_content = """
import json, sys, time
def tell(**body): print(json.dumps(body), flush=True)
tell(ready=True)
picture = sys.stdin.buffer.read(json.loads(sys.stdin.buffer.readline())["bytes"])
tell(started=True)
if picture == b"slow": time.sleep(600)
tell(picture=dict(width=2, height=1, missing=0.0))
sys.stdout.buffer.write(bytes(6))
"""
    intake = fake(tmp_path, by_content)
    slow = [asyncio.create_task(intake.take(b"slow", folder, "web:mallory")) for _ in range(10)]
    for name in ("web:ann", "web:ben"):
        async with asyncio.timeout(30):
            assert (await intake.take(b"quick", folder, name)).width == 2
    assert not [one for one in slow if one.done()]
    await intake.close()
    await asyncio.wait(slow)


@pytest.mark.parametrize("attackers", [2, pytest.param(5, marks=pytest.mark.soak)])
async def test_pictures_of_several_people_that_take_long_let_everybody_else_go_first(
    tmp_path: Path, folder: Path, attackers: int
) -> None:
    by_content = """
import json, sys, time
def tell(**body): print(json.dumps(body), flush=True)
tell(ready=True)
picture = sys.stdin.buffer.read(json.loads(sys.stdin.buffer.readline())["bytes"])
tell(started=True)
while picture == b"slow" and time.process_time() < 3: pass
tell(picture=dict(width=2, height=1, missing=0.0))
sys.stdout.buffer.write(bytes(6))
"""
    intake = fake(tmp_path, by_content, limit=80.0)
    slow = [
        asyncio.create_task(intake.take(b"slow", folder, f"web:mallory{number}"))
        for number in range(attackers)
    ]
    await until(lambda: len(children()) >= 2)
    quick = [
        asyncio.create_task(intake.take(b"quick", folder, name)) for name in ("web:ann", "web:ben")
    ]
    done, _ = await asyncio.wait([*slow, *quick], return_when=asyncio.FIRST_COMPLETED)
    assert done <= set(quick)
    await asyncio.gather(*quick)
    for taken in asyncio.as_completed(slow):
        assert (await taken).width == 2
    await intake.close()
    assert not children()


async def test_cancelling_frees_the_turn_of_a_decoder_that_hangs(
    tmp_path: Path, folder: Path
) -> None:
    mark = tmp_path / "began"
    intake = fake(tmp_path, HELLO + f"open({str(mark)!r}, 'w').close()\ntime.sleep(60)")
    for _ in range(AT_ONCE + 1):
        mark.unlink(missing_ok=True)
        taking = asyncio.create_task(intake.take(PICTURE, folder))
        await until(mark.exists)
        taking.cancel()
        await asyncio.wait([taking])
        assert taking.cancelled()
        assert not list(folder.iterdir())
    await intake.close()
    assert not children()


async def test_closing_refuses_what_is_on_its_way(tmp_path: Path, folder: Path) -> None:
    mark = tmp_path / "began"
    intake = fake(tmp_path, HELLO + f"open({str(mark)!r}, 'w').close()\ntime.sleep(60)")
    taking = [asyncio.create_task(intake.take(PICTURE, folder)) for _ in range(3)]
    await until(mark.exists)
    await intake.close()
    for outcome in await asyncio.gather(*taking, return_exceptions=True):
        assert "restarting" in str(outcome)
    assert not children()
    assert not list(folder.iterdir())
