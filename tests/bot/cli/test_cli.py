"""The command line as somebody in a terminal meets it: one line, one exit code, no traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generation.media.marking import DigitalSource, source_of
from generation.media.probe import probe
from generation.media.recipe import read_recipe
from tests.bot.cli.commands import complaint, photoplay

pytestmark = pytest.mark.slow

SECRET = "123456:canary-canary-canary-canary-canar"


@pytest.fixture
def here(tmp_path: Path, photograph: Path) -> Path:
    shutil.copy(photograph, tmp_path / "photo.png")
    return tmp_path


def test_animate_makes_a_clip_beside_you_and_says_what_it_did(here: Path) -> None:
    answer = photoplay(here, "animate", "photo.png", "a slow camera pan from left to right")
    assert answer.returncode == 0, answer.stderr
    clip = probe(here / "photo.mp4")
    assert (clip.width, clip.height, clip.frames, clip.fps) == (576, 576, 161, 24)  # type: ignore[comparison-overlap]
    assert "6.7 s → 161 frames at 24 fps." in answer.stdout
    assert "pan" in answer.stdout


def test_a_terminal_is_answered_in_its_language_and_settings_in_english(here: Path) -> None:
    german = {"LC_ALL": "de_DE.UTF-8"}
    short = ["--seconds", "0.7", "--size", "64x64"]
    answer = photoplay(here, "animate", "photo.png", "zoom in", *short, **german)
    assert "Kamera: Heranzoomen." in answer.stdout
    assert "0,7 s → 17 Einzelbilder, 24 pro Sekunde." in answer.stdout
    nothing = complaint(photoplay(here, "animate", "nothing.png", **german))
    assert nothing == "Es gibt keine Datei nothing.png."
    assert "no queue" in complaint(photoplay(here, "queue", "list", **german))


def test_animate_takes_no_prompt_that_the_operator_refuses(here: Path) -> None:
    blocked = {"PHOTOPLAY_MODERATION__BLOCKED_WORDS": '["gore"]'}
    answer = photoplay(here, "animate", "photo.png", "g0re everywhere", **blocked)
    assert "not welcome" in complaint(answer)
    assert not (here / "photo.mp4").exists()


def test_animate_with_json_prints_one_object_for_programs(here: Path) -> None:
    arguments = ["--seconds", "2", "--size", "256x160", "--seed", "11", "--motion", "zoom-in"]
    answer = photoplay(here, "animate", "photo.png", "", *arguments, "-o", "out.mp4", "--json")
    facts = json.loads(answer.stdout)
    assert set(facts) == {
        "path",
        "width",
        "height",
        "frames",
        "fps",
        "seconds",
        "seed",
        "engine",
        "bytes",
        "elapsed",
    }
    assert (facts["path"], facts["frames"], facts["seed"]) == ("out.mp4", 49, 11)
    assert facts["bytes"] == (here / "out.mp4").stat().st_size
    recipe = read_recipe(here / "out.mp4")
    assert recipe is not None
    assert (recipe.seed, recipe.engine, recipe.motion) == (11, "camera", "zoom-in")
    assert source_of(here / "out.mp4") is DigitalSource.ALGORITHMICALLY_ENHANCED


def test_recipe_tells_how_a_clip_was_made_and_the_clip_is_made_again(here: Path) -> None:
    words = ["photo.png", "zoom in — «slowly»", "--seconds", "0.4", "--seed", "5"]
    assert photoplay(here, "animate", *words, "--size", "128x128", "--draft").returncode == 0
    told = json.loads(photoplay(here, "recipe", "photo.mp4", "--json").stdout)
    assert (told["prompt"], told["seed"], told["frames"]) == ("zoom in — «slowly»", 5, 9)
    assert told["source"] == "algorithmicallyEnhanced"
    assert (told["width"], told["options"]["in_full"]) == (64, "128x128")
    shown = photoplay(here, "recipe", "photo.mp4").stdout
    assert "zoom in — «slowly»" in shown
    assert "photoplay animate photo.mp4" in shown
    again = photoplay(here, "animate", "photo.mp4", "--no-draft", "--json")
    facts = json.loads(again.stdout)
    assert (facts["width"], facts["seed"], facts["frames"]) == (128, 5, 9)


def test_a_second_clip_of_the_same_picture_does_not_replace_the_first(here: Path) -> None:
    for _ in range(2):
        answer = photoplay(here, "animate", "photo.png", "--seconds", "0.4", "--size", "64x64")
        assert answer.returncode == 0
    assert (here / "photo-2.mp4").exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["animate", "nothing.png"], "no file"),
        (["animate", "words.txt"], "picture"),
        (["animate", "photo.png", "--seconds", "nan"], "seconds"),
        (["animate", "photo.png", "--seconds", "9000"], "seconds"),
        (["animate", "photo.png", "--size", "9999x10"], "no clip is that narrow"),
        (["animate", "photo.png", "--seed", "-4"], "Seed"),
        (["animate", "photo.png", "-o", "no/such/folder.mp4"], "no folder"),
        (["animate", "photo.png", "--end", "photo.png"], "End picture"),
        (["animate", "photo.png", "x" * 2001], "2000"),
        (["animate", "photo.png", "--engine", "videos"], "engine.url"),
        (["recipe", "photo.png"], "not an MP4"),
        (["recipe", "nothing.mp4"], "no file"),
        (["queue", "list"], "no queue"),
        (["queue", "pause"], "No photoplay is running"),
        (["run", "--host", "0.0.0.0"], "web.api_keys"),
        (["run", "--config", "none.toml"], "none.toml"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    here: Path, arguments: list[str], word: str
) -> None:
    (here / "words.txt").write_text("no picture")
    assert word in complaint(photoplay(here, *arguments))


@pytest.mark.parametrize(
    "arguments",
    [["dance"], ["animate"], ["animate", "photo.png", "--motion", "sideways"], ["run", "--port"]],
)
def test_wrong_usage_ends_with_2_and_one_sentence(here: Path, arguments: list[str]) -> None:
    answer = photoplay(here, *arguments, LC_ALL="de_DE.UTF-8", LANGUAGE="es:de")
    assert (answer.returncode, answer.stdout) == (2, "")
    [line] = answer.stderr.splitlines()
    assert line.startswith("photoplay: ")
    assert any(word in line for word in ("elige", "Falta algo", "necesita"))


def test_settings_that_are_wrong_or_unknown_end_the_start_without_showing_a_value(
    here: Path,
) -> None:
    line = complaint(photoplay(here, "run", PHOTOPLAY_WEB__PORT=SECRET))
    assert "web.port" in line
    assert SECRET not in line
    line = complaint(photoplay(here, "run", PHOTOPLAY_WEB__PROT="8000"))
    assert "PHOTOPLAY_WEB__PORT" in line


def test_a_cluster_without_a_token_is_refused(here: Path) -> None:
    answer = photoplay(here, "run", PHOTOPLAY_CLUSTER__ADDRESS="10.0.0.1:6379")
    assert "cluster.token" in complaint(answer)


def test_a_token_is_never_shown(here: Path) -> None:
    nowhere = {
        "PHOTOPLAY_TELEGRAM__API_URL": "http://127.0.0.1:9",
        "PHOTOPLAY_DISCORD__API_URL": "http://127.0.0.1:9",
    }
    for name in ("PHOTOPLAY_TELEGRAM__TOKEN", "PHOTOPLAY_DISCORD__TOKEN"):
        report = photoplay(here, "doctor", "--json", **{name: SECRET, **nowhere})
        assert report.returncode == 1
        assert "cannot be reached" in report.stdout
        assert SECRET not in report.stdout + report.stderr


def test_doctor_says_that_all_is_well_line_by_line(here: Path) -> None:
    answer = photoplay(here, "doctor", PHOTOPLAY_WEB__PORT="0")
    assert answer.returncode == 0, answer.stdout
    for name in ("settings", "data_dir", "disk", "database", "ffmpeg", "engine", "gpu", "web"):
        assert f" {name}: " in answer.stdout


def test_doctor_finds_a_damaged_database_and_a_folder_that_cannot_be_written(here: Path) -> None:
    (here / "data").mkdir()
    (here / "data" / "photoplay.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4000)
    report = photoplay(here, "doctor", "--json", PHOTOPLAY_WEB__PORT="0")
    assert report.returncode == 1
    findings = {finding["name"]: finding for finding in json.loads(report.stdout)["findings"]}
    assert not findings["database"]["ok"]
    assert findings["database"]["cure"]
    (here / "file").write_text("in the way")
    blocked = photoplay(here, "doctor", "--data-dir", str(here / "file" / "data"))
    assert blocked.returncode == 1
    assert "✗ data_dir" in blocked.stdout
    assert "disk: " not in blocked.stdout


def test_a_damaged_or_newer_database_ends_the_start_in_one_line(here: Path) -> None:
    (here / "data").mkdir()
    (here / "data" / "photoplay.db").write_bytes(b"not a database at all " * 300)
    assert "database" in complaint(photoplay(here, "run", "--port", "0"))


def test_version_and_help_are_there(here: Path) -> None:
    assert photoplay(here, "--version").stdout.startswith("photoplay ")
    for command in ("run", "animate", "doctor", "recipe", "queue"):
        assert command in photoplay(here, "--help").stdout


def test_variations_are_so_many_files_with_the_seeds_after_each_other(here: Path) -> None:
    short = ["--seconds", "0.4", "--size", "64x64", "--seed", "11", "--motion", "handheld"]
    answer = photoplay(here, "animate", "photo.png", "", *short, "--variations", "2", "--json")
    assert answer.returncode == 0, answer.stderr
    facts = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [(one["path"], one["seed"]) for one in facts] == [("photo.mp4", 11), ("photo-2.mp4", 12)]
    assert (here / "photo.mp4").read_bytes() != (here / "photo-2.mp4").read_bytes()
