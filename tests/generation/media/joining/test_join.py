"""A film is its scenes behind each other: every frame, in step with its sound, and says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from generation.media.errors import EncodingFailed
from generation.media.ffmpeg import run
from generation.media.joining.film import (
    FilmScene,
    FilmStyle,
    Fit,
    Timeline,
    Transition,
    timeline,
)
from generation.media.joining.film_recipe import parse_film_recipe
from generation.media.joining.join import join
from generation.media.marking import DigitalSource, source_of
from generation.media.probe import probe
from generation.media.recipe import LIMIT
from generation.media.recipe_reader import read
from generation.media.shrink import fit
from tests.generation.media.clips import encoder, noise, recipe
from tests.generation.media.joining.scenes import HZ, SQUARE, played, scene, tone, worded

slow = pytest.mark.slow

CUT = FilmStyle()
CROSSFADE = FilmStyle(Transition.CROSSFADE, fade_seconds=0.25)
MODEL = DigitalSource.TRAINED_ALGORITHMIC_MEDIA
CAMERA = DigitalSource.ALGORITHMICALLY_ENHANCED


@pytest.mark.parametrize(
    ("frames", "style", "times"),
    [
        ((17, 33), CUT, Timeline((17, 33), (0,))),
        ((25, 33, 25), CROSSFADE, Timeline((25, 33, 25), (6, 6))),
        ((9, 33, 2), CROSSFADE, Timeline((9, 33, 2), (3, 0))),
        ((9,), CROSSFADE, Timeline((9,), ())),
    ],
)
def test_a_crossfade_leaves_two_thirds_of_every_scene_alone(
    frames: tuple[int, ...], style: FilmStyle, times: Timeline
) -> None:
    assert timeline(frames, style, fps=24) == times


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("it's scenes")
    return {
        "dark": scene(folder / "dark.mp4", 70, worded("dark; = #1"), sound=tone(0.9)),
        "light": scene(folder / "light.mp4", 180, worded("light", 25), source=MODEL),
        "middle": scene(folder / "middle.mp4", 120, worded("middle"), sound=tone(0.5)),
        "tall": scene(folder / "tall.mp4", 150, recipe(64, 128, 20, fps=30)),
    }


def encoded_noise(folder: Path) -> Path:
    asked = recipe(128, 96)
    with encoder(folder, asked) as target:
        for frames in noise(asked):
            target.write(frames)
        return target.finish().path


def scenes(clips: dict[str, Path], *names: str) -> list[FilmScene]:
    return [FilmScene(clips[name], f"{name};\n = #1") for name in names]


@slow
def test_a_cut_film_has_every_frame_as_it_was_and_sound_where_it_was(
    clips: dict[str, Path], tmp_path: Path
) -> None:
    names = ("dark", "light", "middle")
    film = join(scenes(clips, *names), tmp_path / "film.mp4", CUT, {}, thumbnail=tmp_path / "t.jpg")
    found = played(film.path)
    before = np.concatenate([played(clips[name]).pictures for name in names])
    assert np.array_equal(found.pictures, before)  # so nothing was encoded again
    assert found.times == list(range(17 + 25 + 17))
    assert found.decoding_times == sorted(set(found.decoding_times))
    assert found.chapters == [
        (0, 17, "dark; = #1"),
        (17, 42, "light; = #1"),
        (42, 59, "middle; = #1"),
    ]
    assert found.sound is not None
    frame = HZ // 24
    assert 0 <= len(found.sound) - 59 * frame <= 1024  # what AAC fills up
    loud = [np.abs(found.sound[n * frame : (n + 1) * frame]).max() > 0.3 for n in range(59)]
    assert loud[4:12] + loud[46:52] == [True] * 14
    assert not any(loud[18:41])  # the silent scene
    assert max(np.abs(found.sound[: frame // 8]).max(), np.abs(found.sound[-2000:]).max()) < 0.1
    assert (film.frames, film.size) == (59, film.path.stat().st_size)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4", "t.jpg"]
    assert (tmp_path / "t.jpg").read_bytes().startswith(b"\xff\xd8")


@slow
def test_a_crossfade_goes_over_frame_by_frame_and_is_never_black(
    clips: dict[str, Path], tmp_path: Path
) -> None:
    film = join(scenes(clips, "dark", "light", "middle"), tmp_path / "film.mp4", CROSSFADE, {})
    found = played(film.path)
    assert found.times == list(range(59 - 5 - 5))
    assert found.decoding_times == sorted(set(found.decoding_times))
    greys = found.pictures[:, 80:, :32].mean(axis=(1, 2, 3))
    assert greys.min() > 60
    assert np.all(np.diff(greys[12:18]) > 10)  # 70 to 180 within five frames
    assert np.all(np.diff(greys[32:38]) < -5)  # and on to 120
    assert np.abs(np.diff(greys[:13])).max() < 2 > np.abs(np.diff(greys[18:33])).max()
    assert [start for start, *_ in found.chapters] == [0, 12 + 2, 32 + 2]
    assert found.sound is not None
    assert 0 <= len(found.sound) - 49 * HZ // 24 <= 1024


@slow
@pytest.mark.parametrize("fitted", Fit)
def test_a_scene_of_another_shape_and_rate_is_fitted_and_never_stretched(
    clips: dict[str, Path], tmp_path: Path, fitted: Fit
) -> None:
    style = FilmStyle(fit=fitted)
    film = join(scenes(clips, "light", "tall"), tmp_path / "film.mp4", style, {})
    found = played(film.path)
    assert (film.width, film.height, film.fps) == (128, 96, 24)
    assert found.times == list(range(25 + 16))  # 20 of 30 a second
    light = played(clips["light"]).pictures
    assert np.array_equal(found.pictures[:25], light)  # what fits is not encoded again
    picture = found.pictures[-1].mean(axis=-1)
    assert picture.min() > 100  # no black bar
    white = picture > 215
    wide, high = white.any(axis=0).sum(), white.any(axis=1).sum()
    due = SQUARE * (128 / 64 if fitted is Fit.CROP else 96 / 128)
    assert (wide, high) == (pytest.approx(due, abs=3), pytest.approx(due, abs=3))


@slow
@pytest.mark.parametrize("names", [("theirs", "light"), ("light", "theirs")])
def test_what_somebody_else_coded_at_an_uneven_pace_is_made_like_the_rest(
    clips: dict[str, Path], tmp_path: Path, names: tuple[str, str]
) -> None:
    theirs, ours = tmp_path / "theirs.mp4", clips["light"]
    uneven = ["-vf", "setpts='(N+(1-mod(N,2))*0.4)/24/TB'", "-fps_mode", "vfr"]
    coding = ["-c:v", "libx264", "-profile:v", "high", "-refs", "1", "-bf", "0", "-f", "mp4"]
    run(["-i", f"file:{ours}", *uneven, *coding], reads=[ours], writes=theirs)
    film = join(scenes({**clips, "theirs": theirs}, *names), tmp_path / "film.mp4", CUT, {})
    found = played(film.path)
    assert found.times == list(range(film.frames))
    assert film.frames == pytest.approx(50, abs=1)
    greys = found.pictures[:, 80:, :32].mean(axis=(1, 2, 3))
    assert np.abs(greys - 180).max() < 3


@slow
def test_a_film_says_how_each_scene_was_made_within_eight_kilobytes(
    clips: dict[str, Path], tmp_path: Path
) -> None:
    long = scene(tmp_path / "long.mp4", 90, worded("a fox runs; " * 150))
    few = join(scenes(clips, "dark", "light"), tmp_path / "few.mp4", CUT, {"engine": "camera"})
    made = read(few.path)
    assert made["source"] is MODEL  # one scene is a model's
    assert isinstance(made["recipe"], dict)
    assert [one["prompt"] for one in made["recipe"]["scenes"]] == ["dark; = #1", "light"]
    assert made["recipe"]["scenes"][1]["effective_prompt"]
    assert (made["recipe"]["transition"], made["recipe"]["engine"]) == ("cut", "camera")
    film = join([FilmScene(long, "a fox")] * 10, tmp_path / "many.mp4", CUT, {})
    comment = probe(film.path).comment
    assert comment is not None
    assert LIMIT - 100 < len(comment.encode()) <= LIMIT
    told = parse_film_recipe(comment)
    assert told is not None
    assert [one["seed"] for one in told["scenes"]] == [7] * 10  # type: ignore[attr-defined]
    assert source_of(film.path) is CAMERA


@slow
def test_a_film_too_large_for_a_chat_is_made_smaller_with_its_chapters_and_its_sound(
    clips: dict[str, Path], tmp_path: Path
) -> None:
    rough = encoded_noise(tmp_path)
    wanted = [FilmScene(rough, "noise"), *scenes(clips, "dark")]
    film = join(wanted, tmp_path / "film.mp4", CUT, {})
    limit = film.size // 2
    fit(film.path, tmp_path / "copy.mp4", limit)
    assert (tmp_path / "copy.mp4").stat().st_size <= limit
    before, after = played(film.path), played(tmp_path / "copy.mp4")
    assert (after.times, after.chapters) == (before.times, before.chapters)
    assert after.sound is not None
    assert before.sound is not None
    assert np.array_equal(after.sound, before.sound)
    assert probe(tmp_path / "copy.mp4").comment == probe(film.path).comment


@slow
def test_a_broken_scene_leaves_no_film_and_nothing_else(
    clips: dict[str, Path], tmp_path: Path
) -> None:
    cut_short = tmp_path / "short.mp4"
    cut_short.write_bytes(clips["light"].read_bytes()[:2000])
    wanted = [*scenes(clips, "tall"), FilmScene(cut_short, "")]
    with pytest.raises(EncodingFailed):
        join(wanted, tmp_path / "film.mp4", CUT, {}, thumbnail=tmp_path / "film.jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["short.mp4"]
