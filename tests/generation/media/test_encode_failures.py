"""Whatever goes wrong, nothing is left behind and the reason goes to the log, not to the person."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generation.errors import GenerationFailed
from generation.media.encode import EncoderKilled, EncodingFailed
from generation.media.recipe import Recipe
from tests.generation.media.clips import RECIPE, encoded, encoder, encoders, gradient, noise, recipe

pytestmark = pytest.mark.slow

NAMESPACE = ["unshare", "--map-root-user", "--mount"]

ENCODE_NOISE = """
import sys
from pathlib import Path
from generation.media.encode import DiskFull
from tests.generation.media.clips import encoder, noise, recipe

folder, asked = Path(sys.argv[1]), recipe(width=256, height=256, frames=33)
try:
    with encoder(folder, asked) as target:
        for frames in noise(asked):
            target.write(frames)
        target.finish()
except DiskFull as error:
    print(error.code, sorted(folder.iterdir()))
"""

DRAIN = "while read -r _; do :; done"
"""`cat >/dev/null` for somebody who may start no process."""

LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))"


def fake_ffmpeg(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script in the place of ffmpeg, by imageio-ffmpeg's own setting."""
    program = folder / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))


@pytest.fixture
def clips(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nothing may be left."""
    folder = tmp_path / "clips"
    folder.mkdir()
    yield folder
    running = encoders()
    for ffmpeg in running:
        ffmpeg.kill()
    assert running == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("handed_in", [0, 8, 10])
def test_another_number_of_frames_is_a_defect(clips: Path, handed_in: int) -> None:
    frames = np.zeros((handed_in, RECIPE.height, RECIPE.width, 3), np.uint8)
    with encoder(clips) as target, pytest.raises(ValueError, match="frames"):  # noqa: PT012
        target.write(frames)
        target.finish()


@pytest.mark.parametrize(
    "frames",
    [
        np.zeros((1, 64, 96, 3), np.uint8),
        np.zeros((96, 64, 3), np.uint8),
        np.zeros((1, 96, 64, 4), np.uint8),
        np.zeros((1, 96, 64, 3), np.float32),
    ],
    ids=["turned", "single", "alpha", "float"],
)
def test_frames_of_another_shape_are_a_defect(clips: Path, frames: np.ndarray) -> None:
    with encoder(clips) as target, pytest.raises(ValueError, match="was due"):
        target.write(frames)


@pytest.mark.parametrize(
    "impossible",
    [recipe(width=63), recipe(height=0), recipe(frames=0), recipe(fps=0)],
    ids=["odd", "flat", "empty", "still"],
)
def test_a_recipe_for_no_clip_is_refused_at_once(clips: Path, impossible: Recipe) -> None:
    with pytest.raises(ValueError, match=r"even sides|no clip"):
        encoder(clips, impossible)


def test_an_abort_leaves_nothing(clips: Path) -> None:
    target = encoder(clips)
    target.write(next(gradient(RECIPE)))
    target.abort()
    target.abort()


def test_an_exception_between_two_frames_leaves_nothing(clips: Path) -> None:
    with pytest.raises(KeyError), encoder(clips) as target:  # noqa: PT012
        target.write(next(gradient(RECIPE)))
        raise KeyError


def test_an_abort_after_the_end_spares_the_clip(tmp_path: Path) -> None:
    with encoder(tmp_path) as target:
        for frames in gradient(RECIPE):
            target.write(frames)
        clip = target.finish()
        target.abort()
    assert clip.path.exists()


def test_an_ended_encoder_takes_nothing_more(clips: Path) -> None:
    target = encoder(clips)
    target.abort()
    with pytest.raises(EncodingFailed):
        target.write(next(gradient(RECIPE)))
    with pytest.raises(EncodingFailed):
        target.finish()


@pytest.mark.parametrize("killed_after", [0, 20, 32])
def test_an_ffmpeg_killed_midway_fails_the_clip(clips: Path, killed_after: int) -> None:
    asked = recipe(width=256, height=256, frames=33)
    with encoder(clips, asked) as target, pytest.raises(EncodingFailed) as caught:  # noqa: PT012
        for index, frames in enumerate(noise(asked)):
            target.write(frames)
            if index == killed_after:
                encoders()[0].kill()
        target.finish()
    assert isinstance(caught.value, EncoderKilled)
    assert caught.value.reason == "encoder"


def test_a_polite_signal_leaves_ffmpeg_at_its_work(clips: Path) -> None:
    """A service manager sends it to the whole group; the program decides what becomes of a clip."""
    asked = recipe(width=256, height=256, frames=33)
    with encoder(clips, asked) as target:
        for frames in noise(asked):
            target.write(frames)
        encoders()[0].terminate()
        target.finish()
    for made in clips.iterdir():
        made.unlink()


@pytest.mark.timeout(20)
def test_an_abort_from_another_thread_frees_a_blocked_writer(clips: Path) -> None:
    asked = recipe(width=256, height=256, frames=65)
    target = encoder(clips, asked)
    encoders()[0].suspend()
    writing = threading.Event()
    failures: list[EncodingFailed] = []

    def write() -> None:
        try:
            for frames in noise(asked):
                writing.set()
                target.write(frames)
        except EncodingFailed as error:
            failures.append(error)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    writing.wait()
    target.abort()
    writer.join()
    assert len(failures) == 1
    assert not isinstance(failures[0], EncoderKilled)


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("/nowhere/ffmpeg", "/nowhere/ffmpeg cannot be started: No such file or directory"),
        ("/bin/false", "/bin/false ended with 1 and said nothing"),
    ],
)
def test_what_is_no_ffmpeg_fails_the_clip_by_the_name_of_its_setting(
    clips: Path, monkeypatch: pytest.MonkeyPatch, program: str, why: str
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", program)
    asked = recipe(width=256, height=256, frames=33)
    with encoder(clips, asked) as target, pytest.raises(EncodingFailed) as caught:  # noqa: PT012
        for frames in noise(asked):
            target.write(frames)
        target.finish()
    assert str(caught.value) == "encoding_failed: named_ffmpeg"
    assert caught.value.__notes__ == [why]


def test_what_ffmpeg_says_goes_to_the_log_only(
    tmp_path: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_ffmpeg(tmp_path, monkeypatch, f"{DRAIN}; echo 'codec of doom' >&2; exit 3")
    with pytest.raises(GenerationFailed) as caught:
        encoded(clips)
    assert caught.value.code == "encoding_failed"
    assert str(caught.value) == "encoding_failed: encoder"
    assert caught.value.__notes__ == ["ffmpeg ended with 3: codec of doom"]


def test_an_ffmpeg_that_complains_without_end_does_not_stall(
    tmp_path: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noisy = "i=0; while [ $i -lt 1000 ]; do printf '%1000s' x >&2; i=$((i+1)); done"
    fake_ffmpeg(tmp_path, monkeypatch, f"{noisy}; {DRAIN}; exit 1")
    with pytest.raises(EncodingFailed) as caught:
        encoded(clips)
    assert len(caught.value.__notes__[0]) < 30_000


def test_an_ffmpeg_that_writes_nothing_fails_the_clip(
    tmp_path: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_ffmpeg(tmp_path, monkeypatch, DRAIN)
    with pytest.raises(EncodingFailed):
        encoded(clips)


def test_a_clip_that_is_not_as_asked_fails(
    tmp_path: Path, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = encoded(tmp_path, replace(RECIPE, prompt="something else"))
    content = "".join(f"\\{byte:03o}" for byte in other.path.read_bytes())
    copy = f'for last in "$@"; do :; done; printf "{content}" > "${{last#file:}}"'
    fake_ffmpeg(tmp_path, monkeypatch, f"{DRAIN}; {copy}")
    with pytest.raises(EncodingFailed) as caught:
        encoded(clips)
    assert caught.value.__notes__ == ["recipe intact is False, not True"]


def test_a_folder_that_is_gone_fails_the_clip(tmp_path: Path) -> None:
    with pytest.raises(EncodingFailed):
        encoder(tmp_path / "gone")


def test_a_thumbnail_that_cannot_be_placed_takes_the_clip_back(tmp_path: Path) -> None:
    (tmp_path / "clip.jpg" / "in the way").mkdir(parents=True)
    with pytest.raises(EncodingFailed):
        encoded(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.jpg"]


def test_a_clip_that_cannot_be_placed_takes_the_thumbnail_back(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4" / "in the way").mkdir(parents=True)
    with pytest.raises(EncodingFailed):
        encoded(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_file_that_may_not_grow_is_told_as_a_full_disk(clips: Path) -> None:
    program = [sys.executable, "-c", f"{LIMITED}\n{ENCODE_NOISE}", str(clips)]
    told = subprocess.run(program, check=True, capture_output=True, text=True).stdout
    assert told == "disk_full []\n"


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    mount = f"mount -t tmpfs -o size=200k none '{tmp_path}'"
    if subprocess.run([*NAMESPACE, "sh", "-c", mount], capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    program = [sys.executable, "-c", ENCODE_NOISE, str(tmp_path)]
    inside = [*NAMESPACE, "sh", "-c", f'{mount} && exec "$@"', "sh", *program]
    told = subprocess.run(inside, check=True, capture_output=True, text=True).stdout
    assert told == "disk_full []\n"
