"""`photoplay film`: a storyboard becomes a film, and every fault in it is said beforehand."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from inspect import signature
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli.board import OPTIONS, read_board
from bot.cli.commands import animate
from bot.cli.film import BoardOrder, film
from bot.language.catalogue import load_texts
from bot.language.reasons import refusal
from bot.submission.scenes import NOT_OF_SCENES
from generation.errors import AnimationError, OperatorError
from generation.media.joining.film import FilmStyle, Fit, Transition
from generation.media.probe import probe
from tests.bot.cli.commands import complaint, environment, photoplay
from tests.fakes.program.process import Program
from tests.fakes.videos.server import videos_double
from tests.generation.media.clips import a_clip
from tests.generation.media.joining.scenes import played

ENGLISH = load_texts().of("en")
FIRST = '[[scenes]]\nimage = "photo.png"\n'
TWO = f"{FIRST}[[scenes]]\n"


def board(here: Path, text: str) -> Path:
    (here / "photo.png").touch()
    path = here / "board.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scene_takes_what_the_board_says_unless_it_says_its_own(tmp_path: Path) -> None:
    above = 'transition = "crossfade"\nfit = "crop"\nfade = 1\nseconds = 2\nseed = 5\nfps = 30\n'
    own = '[[scenes]]\nprompt = "rain"\nframes = 33\nseed = 6\nend = "/else/end.png"\n'
    (tmp_path / "else").mkdir()
    end = tmp_path / "else" / "end.png"
    end.touch()
    read = read_board(
        board(tmp_path, above + FIRST + own.replace("/else/", f"{end.parent}/")), ENGLISH
    )
    assert read.style == FilmStyle(Transition.CROSSFADE, Fit.CROP, 1.0)
    first, second = read.scenes
    assert first.picture == tmp_path / "photo.png"
    assert (first.options.seconds, first.options.num_frames, first.options.seed) == (2.0, None, 5)
    assert (second.picture, second.end, second.options.prompt) == (None, end, "rain")
    assert (second.options.seconds, second.options.num_frames) == (None, 33)
    assert (second.options.seed, second.options.fps) == (6, 30)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "A film has 2 to 10 scenes; here are 0."),
        ("scenes = []", "A film has 2 to 10 scenes; here are 0."),
        ("scenes = 3", "There is no option scenes; perhaps you mean [[scenes]]."),
        ("[scenes]", "There is no option [scenes]; perhaps you mean [[scenes]]."),
        ("[[scene]]\n[[scene]]", "There is no option [[scene]]; perhaps you mean [[scenes]]."),
        ("clips = 2", "There is no option clips."),
        (f'promt = "a"\n{TWO}', "There is no option promt; perhaps you mean prompt."),
        (f'prompt = "a"\n{TWO}', "prompt belongs to a single scene; it goes below [[scenes]]."),
        (f'{TWO}fit = "crop"', "Scene 2: fit belongs to the whole film; it goes above the first"),
        (f"{TWO}Seconds = 2", "Scene 2: There is no option Seconds; perhaps you mean seconds."),
        (FIRST, "A film has 2 to 10 scenes; here are 1."),
        (FIRST * 11, "A film has 2 to 10 scenes; here are 11."),
        (f"size = 1\n\nseed = seven\n{TWO}", "Line 3 is not TOML;"),
        (f'{TWO}prompt = "', "Line 4 is not TOML;"),
        ('[[scenes]]\nprompt = "a"\n[[scenes]]', "Scene 1: There is no picture;"),
        (f"tansition = 1\n{TWO}", "There is no option tansition; perhaps you mean transition."),
        (f'transition = "wipe"\n{TWO}', "Transition: please choose cut or crossfade."),
        (f"fade = 11\n{TWO}", "fade: please choose a number from 0 to 10."),
        (f"{TWO}secnds = 2", "Scene 2: There is no option secnds; perhaps you mean seconds."),
        (f'{TWO}seconds = "2"', "Scene 2: Seconds: please write a number."),
        (f"{TWO}seed = 1.5", "Scene 2: Seed: please write a whole number."),
        (f"{TWO}enhance = 1", "Scene 2: enhance: please write true or false."),
        (f"{TWO}loop = true", "Scene 2: Loop: a film does not take this;"),
        (f"boomerang = true\n{TWO}", "Boomerang: a film does not take this;"),
        (f"{TWO}draft = true", "Scene 2: Draft: a film does not take this;"),
        (f"variations = 2\n{TWO}", "Variations: a film does not take this;"),
        (f"{TWO}prompt = 1", "Scene 2: Prompt: please write text."),
        (f'{TWO}size = "big"', "Scene 2: The size has to be"),
        (f'{TWO}motion = "jump"', "Scene 2: Motion: please choose "),
        (f'{TWO}image = "gone.png"', "Scene 2: There is no file "),
        (f"{TWO}keyframes = [{{at = 1}}]", "Scene 2: Keyframes: "),
        (f"{TWO}keyframes = 1", "Scene 2: Keyframes: "),
    ],
)
def test_a_fault_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = board(tmp_path, text)
    with pytest.raises(AnimationError) as fault:
        read_board(path, ENGLISH)
    assert refusal(ENGLISH, fault.value).startswith(f"{path}: {said}")


def test_a_board_takes_every_option_of_a_clip() -> None:
    of_one_run = {"arguments", "output", "engine", "as_json", "verbose", "config"}
    pictures = {"prompt", "end", "keyframes"}
    left_out = of_one_run | pictures | set(NOT_OF_SCENES)
    assert signature(animate).parameters.keys() - left_out == OPTIONS.keys()


def test_the_example_is_a_board_with_its_pictures() -> None:
    example = read_board(Path(__file__).parents[3] / "examples" / "board.toml", ENGLISH)
    assert [scene.picture is None for scene in example.scenes] == [False, False, False, True]


def test_a_film_goes_over_none_of_its_pictures_and_not_with_json_down_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = board(tmp_path, TWO)
    with pytest.raises(OperatorError, match="is a file you gave"):
        film(None, {}, BoardOrder(path, str(tmp_path / "photo.png")))
    with pytest.raises(OperatorError, match="both want the standard output"):
        film(None, {}, BoardOrder(path, "-", as_json=True))


@pytest.fixture
def here(tmp_path: Path, photograph: Path) -> Path:
    shutil.copy(photograph, tmp_path / "photo.png")
    (tmp_path / "broken.png").write_text("no picture")
    return tmp_path


def written(here: Path, *scenes: Mapping[str, object]) -> None:
    lines = ['size = "64x64"', "frames = 9", "seed = 7"]
    for scene in scenes:
        lines += ["[[scenes]]", *(f"{name} = {json.dumps(one)}" for name, one in scene.items())]
    (here / "board.toml").write_text("\n".join(lines))


@pytest.mark.slow
def test_a_file_that_shows_no_picture_is_said_before_anything_is_made(here: Path) -> None:
    written(here, {"image": "photo.png"}, {"prompt": "it snows"}, {"image": "broken.png"})
    said = complaint(photoplay(here, "film", "board.toml"))  # one line: no scene was begun
    assert said.startswith("board.toml: Scene 3: That is a text file.")
    assert not (here / "board.mp4").exists()


@pytest.mark.slow
async def test_a_scene_that_fails_is_left_out_and_told(here: Path) -> None:
    written(here, {"image": "photo.png"}, {"prompt": "lost"}, {"prompt": "still"})
    no = {"error": {"message": "not with us", "code": "content_policy_violation"}}
    async with videos_double(clip=a_clip(here / "far.mp4")) as far:
        far.answers = [web.json_response(no, status=400)]
        engine = {"PHOTOPLAY_ENGINE__NAME": "videos", "PHOTOPLAY_ENGINE__URL": far.url}
        answer = await asyncio.to_thread(photoplay, here, "film", "board.toml", "--json", **engine)
    told = json.loads(answer.stdout)
    assert answer.returncode == 1
    assert told["scenes"][0]["error"]["code"] == "content_policy_violation"
    assert told["frames"] == 2 * probe(here / "far.mp4").frames
    assert len(played(here / "board.mp4").chapters) == 2


@pytest.mark.soak
def test_a_scene_that_fails_is_left_out_and_the_next_goes_on_from_before_it(
    here: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    refused = {"image": "photo.png", "prompt": "lost"}
    going_on = {"prompt": "still", "motion": "still", "frames": 17}
    written(here, refused, {"prompt": "pan left"}, refused, going_on)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "data"
    with Program(elsewhere, settings={"PHOTOPLAY_MODERATION__BLOCKED_WORDS": '["lost"]'}) as far:
        engine = {"PHOTOPLAY_ENGINE__NAME": "videos", "PHOTOPLAY_ENGINE__URL": f"{far.url}/v1"}
        answer = photoplay(here, "film", "board.toml", "--json", **engine)
    assert answer.returncode == 1, answer.stderr
    told = json.loads(answer.stdout)
    assert (told["path"], told["frames"], told["seed"]) == ("board.mp4", 9 + 17, 7)
    assert [one.get("seconds") for one in told["scenes"]] == [None, 0.375, None, 0.708]
    assert told["scenes"][0]["error"]["code"] == "unwelcome"
    found = played(here / "board.mp4")
    assert found.chapters == [(0, 9, "pan left"), (9, 26, "still")]
    begun, ended, going_on_from = (found.pictures[one].astype(int) for one in (0, 8, 9))
    assert abs(ended - going_on_from).mean() < abs(begun - going_on_from).mean() / 2
    assert "scene 2" in photoplay(here, "recipe", "board.mp4").stdout


@pytest.mark.soak
def test_a_film_goes_down_a_pipe_and_one_without_a_scene_that_works_is_none(here: Path) -> None:
    written(here, {"image": "photo.png"}, {"prompt": "zoom in"})
    command = [sys.executable, "-m", "bot", "film", "board.toml", "-o", "-"]
    piped = subprocess.run(command, cwd=here, env=environment(here), capture_output=True)
    assert piped.returncode == 0
    assert b"2 of 2 scenes" in piped.stderr
    (here / "piped.mp4").write_bytes(piped.stdout)
    assert probe(here / "piped.mp4").frames == 18
    written(here, {"image": "photo.png"}, {"steps": 3})
    assert "Scene 2: Steps: the camera engine" in complaint(photoplay(here, "film", "board.toml"))
    assert not (here / "board.mp4").exists()
