"""`photoplay animate`: pictures and words told apart, everything that was given still there."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bot.cli.animate import pictures_and_prompt
from generation.errors import OperatorError
from generation.media.probe import probe
from tests.bot.cli.commands import SMALL, complaint, environment, photoplay, running

slow = pytest.mark.slow


@pytest.fixture
def here(tmp_path: Path, photograph: Path) -> Path:
    shutil.copy(photograph, tmp_path / "photo.png")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "prompt", "pictures", "words"),
    [
        (["a.png"], None, ["a.png"], ""),
        (["holiday"], None, ["holiday"], ""),
        (["a.png", "pan left"], None, ["a.png"], "pan left"),
        (["a.png", "b.JPG"], None, ["a.png", "b.JPG"], ""),
        (["a.png", "b.png", "zoom in"], None, ["a.png", "b.png"], "zoom in"),
        (["a.png", ""], None, ["a.png"], ""),
        (["a.png", "x" * 2001], None, ["a.png"], "x" * 2001),
        (["a.png", "pan"], "zoom", ["a.png", "pan"], "zoom"),
    ],
)
def test_the_last_argument_is_the_words_unless_it_can_only_be_a_picture(
    arguments: list[str], prompt: str | None, pictures: list[str], words: str
) -> None:
    assert pictures_and_prompt(arguments, prompt) == (tuple(map(Path, pictures)), words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a.png slow zoom in", "slow zoom in"),
        ("a.png zoom in", "zoom in"),
        ("a.png b.jpg the fox runs, slowly", "the fox runs, slowly"),
    ],
)
def test_words_without_quotation_marks_are_refused_before_anything_is_made(
    line: str, words: str
) -> None:
    with pytest.raises(OperatorError) as refused:
        pictures_and_prompt(line.split(), None)
    assert f'quotation marks: "{words}".' in str(refused.value)


def test_a_missing_picture_among_several_is_no_word() -> None:
    for names in (["a.png", "gone.jpg"], ["a.png", "folder/gone"], ["a.png", "gone"]):
        pictures, _ = pictures_and_prompt([*names, "zoom in"], None)
        assert pictures == tuple(map(Path, names))


def test_a_file_that_is_there_is_a_picture_whatever_its_name(tmp_path: Path) -> None:
    picture = tmp_path / "pan left"
    picture.touch()
    assert pictures_and_prompt(["a.png", str(picture)], None) == ((Path("a.png"), picture), "")


@slow
def test_several_pictures_give_a_clip_each_and_one_that_fails_stops_no_other(here: Path) -> None:
    (here / "broken.png").write_text("no picture")
    shutil.copy(here / "photo.png", here / "second.png")
    names = ["photo.png", "broken.png", "second.png"]
    answer = photoplay(here, "animate", *names, "pan left", *SMALL, "-o", "clips")
    assert answer.returncode == 1
    assert "broken.png: " in answer.stderr
    assert "2 of 3 clips were made." in answer.stderr
    assert {path.name for path in (here / "clips").iterdir()} == {"photo.mp4", "second.mp4"}
    assert "clips/photo.mp4" in answer.stdout


@slow
def test_json_is_an_object_a_picture_for_programs_whatever_became_of_it(here: Path) -> None:
    (here / "broken.png").write_text("no picture")
    (here / "folder").mkdir()
    names = ["broken.png", "gone.png", "folder", "photo.png"]
    answer = photoplay(here, "animate", *names, "pan left", *SMALL, "--json")
    assert answer.returncode == 1
    *failed, made = map(json.loads, answer.stdout.splitlines())
    assert [(one["image"], one["error"]["code"]) for one in failed] == [
        ("broken.png", "invalid_image"),
        ("gone.png", "invalid_image"),
        ("folder", "operator_error"),
    ]
    assert failed[1]["error"]["message"] == "There is no file gone.png."
    assert made["path"] == "photo.mp4"
    assert "1 of 4 clips were made." in answer.stderr


ENGINE, DECODER, ENCODER = "generation.child", "generation.images.decoder", "rawvideo"
"""What stands in the commands of these; an engine that dies while it starts is not tried again."""

LONGER = ("--seconds", "5", "--size", "704x480")
"""Time enough to meet each of its processes."""


def animate_and_kill(here: Path, victim: str, most: int) -> tuple[subprocess.Popen[str], int]:
    """`photoplay animate`, of whose processes with `victim` in their command `most` are killed."""
    command = [sys.executable, "-m", "bot", "animate", "photo.png", "pan left", *LONGER, "--json"]
    killed: set[int] = set()
    with (
        (here / "made").open("w") as made,
        (here / "said").open("w") as said,
        subprocess.Popen(
            command, cwd=here, env=environment(here), stdout=made, stderr=said, text=True
        ) as process,
    ):
        due = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < due:
            for child in family(process.pid, victim):
                begun = victim != ENGINE or family(process.pid, ENCODER)
                if begun and len(killed) < most and child.pid not in killed:
                    child.kill()
                    killed.add(child.pid)
            time.sleep(0.005)
        process.kill()
    return process, len(killed)


def family(pid: int, named: str) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):  # they may end meanwhile
        children = psutil.Process(pid).children(recursive=True)
        return [child for child in children if any(named in part for part in child.cmdline())]
    return []


@slow
@pytest.mark.parametrize(
    "victim", [ENGINE, *(pytest.param(one, marks=pytest.mark.soak) for one in (DECODER, ENCODER))]
)
def test_a_killed_process_is_started_afresh_and_the_clip_is_made(here: Path, victim: str) -> None:
    process, killed = animate_and_kill(here, victim, 1)
    assert killed == 1
    assert process.returncode == 0, (here / "said").read_text()
    assert probe(here / json.loads((here / "made").read_text())["path"]).frames == 121


@slow
def test_an_encoder_that_is_always_killed_is_given_up_after_three_tries(here: Path) -> None:
    process, killed = animate_and_kill(here, ENCODER, 1000)
    assert process.returncode == 1
    last = (here / "said").read_text().splitlines()[-1]
    assert last.startswith("photoplay: The engine broke down: ")
    assert "--verbose" in last
    assert killed == 3
    assert not (here / "photo.mp4").exists()


@slow
def test_a_clip_goes_down_a_pipe(here: Path) -> None:
    command = [sys.executable, "-m", "bot", "animate", "photo.png", "pan", *SMALL, "-o", "-"]
    answer = subprocess.run(command, cwd=here, env=environment(here), capture_output=True)
    (here / "piped.mp4").write_bytes(answer.stdout)
    assert probe(here / "piped.mp4").frames == 9
    assert b"64\xc3\x9764" in answer.stderr


@slow
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["photo.png", "-o", "photo.png"], "file you gave"),
        (["photo.png", "--end", "end.mp4", "-o", "end.mp4"], "file you gave"),
        (["gone.jpg", "-o", "photo.png"], "gone.jpg"),
        (["photo.png", "gone.jpg", "--end", "nowhere.jpg"], "nowhere.jpg"),
        (["photo.png", "--keyframe", "2=gone.jpg"], "gone.jpg"),
        (["photo.png", "-o", "-", "--json"], "leave one out"),
        (["photo.png", "--steps", "30"], "Steps: the camera engine"),
        (["photo.png", "--keyframe", "2=photo.png"], "Keyframes: the camera engine"),
    ],
)
def test_what_would_destroy_or_mislead_is_refused(
    here: Path, arguments: list[str], word: str
) -> None:
    before = (here / "photo.png").read_bytes()
    shutil.copy(here / "photo.png", here / "end.mp4")
    assert word in complaint(photoplay(here, "animate", *arguments))
    assert (here / "photo.png").read_bytes() == (here / "end.mp4").read_bytes() == before


@slow
def test_any_seed_will_do_and_a_comma_is_a_point(here: Path) -> None:
    words = ["photo.png", "--seed", "-1", "--seconds", "0,4", "--size", "64x64", "--json"]
    seeds = {json.loads(photoplay(here, "animate", *words).stdout)["seed"] for _ in range(2)}
    assert len(seeds) == 2
    assert min(seeds) >= 0
    assert photoplay(here, "animate", "photo.png", "--seconds", "four").returncode == 2


@slow
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.soak), signal.SIGINT]
)
def test_a_command_that_is_ended_leaves_no_picture_behind(
    here: Path, number: signal.Signals
) -> None:
    temporary = here / "temporary"
    temporary.mkdir()
    heard = ["env", "--default-signal=HUP,INT"]  # who tests in the background may have it ignored
    animate = [sys.executable, "-m", "bot", "animate", "photo.png", "pan", "--seconds", "10"]
    with running(*heard, *animate, here=here, TMPDIR=str(temporary)) as process:
        due = time.monotonic() + 30
        while not list(temporary.glob("photoplay-*/inputs/*.png")) and time.monotonic() < due:
            time.sleep(0.005)
        assert list(temporary.glob("photoplay-*/inputs/*.png"))
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert "Traceback" not in said
    assert list(temporary.glob("photoplay-*")) == []


@slow
def test_a_broken_encoder_is_named_and_verbose_shows_where(here: Path) -> None:
    broken = here / "ffmpeg"
    broken.write_text("#!/bin/sh\necho 'Illegal instruction' >&2\nexit 1\n")
    broken.chmod(0o755)
    environ = {"IMAGEIO_FFMPEG_EXE": str(broken)}
    assert "Illegal instruction" in complaint(
        photoplay(here, "animate", "photo.png", *SMALL, **environ)
    )
    shown = subprocess.run(
        [sys.executable, "-m", "bot", "animate", "photo.png", *SMALL, "--verbose"],
        cwd=here,
        env=environment(here, **environ),
        capture_output=True,
        text=True,
    )
    assert "Traceback" in shown.stderr
    report = json.loads(photoplay(here, "doctor", "--json", **environ).stdout)
    found = {one["name"]: one for one in report["findings"]}
    assert "Illegal instruction" in found["ffmpeg"]["message"]
    assert "IMAGEIO_FFMPEG_EXE" in found["ffmpeg"]["cure"]
    assert found["engine"]["message"].startswith("Not tried")
    assert not any(found[name]["ok"] for name in ("ffmpeg", "engine"))


@slow
def test_a_terminal_with_few_signs_and_a_full_disk_end_plainly(here: Path) -> None:
    words = [sys.executable, "-m", "bot", "animate", "photo.png", *SMALL]
    latin = environment(here, PYTHONIOENCODING="latin-1", LC_ALL="C")
    answer = subprocess.run(words, cwd=here, env=latin, capture_output=True)
    assert answer.returncode == 0, answer.stderr
    assert b"0.4 s -> 9 frames" in answer.stdout
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            words, cwd=here, env=environment(here), stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert "no space left on device" in complaint(
        subprocess.CompletedProcess(words, ended.returncode, "", ended.stderr)
    )


@slow
def test_every_option_of_the_api_is_there_and_flags_look_like_flags(here: Path) -> None:
    shown = photoplay(here, "animate", "--help", COLUMNS="120").stdout
    for option in ("seconds", "size", "seed", "end", "negative", "steps", "guidance", "strength"):
        assert f"--{option} " in shown
    for flag in ("--loop ", "--json ", "--verbose "):
        [line] = [one for one in shown.splitlines() if flag in one]
        assert "bool" not in line.lower()
    completion = photoplay(
        here, "--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"
    )
    assert "complete" in completion.stdout
