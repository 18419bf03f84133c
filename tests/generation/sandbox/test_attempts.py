"""Whoever breaks into a child gets at nothing: each kind of child tries everything we know."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from generation.images.intake import PictureIntake
from generation.sandbox.children import Held
from generation.sandbox.trial import held_here
from tests.fakes.sandbox.attempts import ATTEMPTS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
ALL = frozenset(ATTEMPTS)
HOSTILE = "tests.fakes.sandbox.hostile_decoder"

OFTEN_DENIED_ANYWAY = frozenset(
    {
        *("trace the bot", "read the bot's memory", "read the bot's memory by a call"),
        *("make a namespace", "share memory"),
    }
)
"""To one child by another, as many systems are set up."""

BY_LANDLOCK = {
    1: (
        *("read the bot's environment", "read the bot's memory", "trace the bot"),
        *("read the bot's memory by a call", "read the secret", "read the database"),
        *("read the settings", "read another person's picture", "write a clip", "delete a clip"),
    ),
    4: ("connect to the internet",),
    6: ("connect to an abstract socket", "signal the bot"),
}
"""What it refuses by itself, from which ABI on."""


@cache
def held() -> Held:
    return held_here()


def landlock_denies() -> frozenset[str]:
    parts = [names for since, names in BY_LANDLOCK.items() if 0 < since <= held().landlock]
    return frozenset().union(*parts)


@pytest.fixture
def targets(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A bot with a token in its environment, its files, and sockets that somebody listens on."""
    names = {"secret": "secret", "database": "photoplay.db", "settings": ".env"}
    names |= {"picture": "inputs/theirs.png", "clip": "clips/theirs.mp4", "control": "c.sock"}
    names |= {"own": "own.wav", "output": "clips/own.part"}
    files: dict[str, Any] = {name: str(tmp_path / path) for name, path in names.items()}
    for folder in ("inputs", "clips"):
        (tmp_path / folder).mkdir()
    for name in files.keys() - {"control"}:
        Path(files[name]).write_text("what nobody may see")
    bot = subprocess.Popen(["sleep", "600"], env={"PATH": "/usr/bin:/bin", "TOKEN": "s3cret"})
    abstract = f"photoplay-{bot.pid}"
    with (
        socket.create_server(("127.0.0.1", 0)) as port,
        socket.socket(socket.AF_UNIX) as control,
        socket.socket(socket.AF_UNIX) as unnamed,
    ):
        for one, address in ((control, files["control"]), (unnamed, f"\0{abstract}")):
            one.bind(address)
            one.listen()
        numbers = {"bot": bot.pid, "port": port.getsockname()[1], "abstract": abstract}
        yield {**files, **numbers, "clips": str(tmp_path / "clips")}
    bot.kill()
    bot.wait()


def tried(kind: str, targets: dict[str, Any]) -> tuple[Held, dict[str, str]]:
    said = subprocess.run(
        [sys.executable, "-P", "-m", "tests.fakes.sandbox.attempts", kind],
        input=json.dumps(targets),
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    found: dict[str, str]
    parts, found = json.loads(said.stdout)
    assert found.pop("own work") == "done"
    assert set(found.values()) <= {"done", "denied"}, found
    return Held(*parts), found


def denied(found: dict[str, str]) -> set[str]:
    return {name for name, outcome in found.items() if outcome == "denied"}


def test_without_a_sandbox_all_of_it_is_done(targets: dict[str, Any]) -> None:
    """Else the other tests would prove nothing."""
    _, found = tried("free", targets)
    assert denied(found) <= OFTEN_DENIED_ANYWAY


async def test_a_decoder_that_is_broken_into_gets_at_nothing(
    targets: dict[str, Any], tmp_path: Path
) -> None:
    intake = PictureIntake(command=(sys.executable, "-P", "-m", HOSTILE))
    picture = await intake.take(json.dumps(targets).encode(), tmp_path / "inputs")
    await intake.close()
    with Image.open(tmp_path / "inputs" / picture.name) as image:
        found: dict[str, str] = json.loads(image.tobytes())
    assert found.pop("own work") == "done"
    if not held().seccomp:
        assert denied(found) >= landlock_denies() | {"open a datagram socket"}
        pytest.skip("this kernel has no seccomp: what it alone denies was not tried")
    assert found == dict.fromkeys(ALL, "denied")


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        ("decoder", set()),
        ("reader", set()),
        ("encoder", {"run a program"}),
        (
            "engine",
            {
                *("read another person's picture", "write a clip", "delete a clip"),
                *("open a folder to others", "run a program", "fork", "outlive the bot"),
            },
        ),
    ],
)
def test_each_child_may_do_its_work_and_no_more(
    kind: str, may: set[str], targets: dict[str, Any]
) -> None:
    if not (held().seccomp and held().landlock):
        pytest.skip(f"this kernel has not all of it: {held()}")
    parts, found = tried(kind, targets)
    assert parts == held()
    assert ALL - denied(found) == may


def test_landlock_alone_keeps_files_and_other_processes_away(targets: dict[str, Any]) -> None:
    if not held().landlock:
        pytest.skip("this kernel has no Landlock")
    parts, found = tried("Landlock", targets)
    assert parts.landlock == held().landlock
    assert denied(found) >= landlock_denies()


def test_seccomp_alone_keeps_everything_away(targets: dict[str, Any]) -> None:
    if not held().seccomp:
        pytest.skip("this kernel has no seccomp")
    parts, found = tried("seccomp", targets)
    assert parts.seccomp
    assert denied(found) == ALL
