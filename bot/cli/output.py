"""Where the command line puts a clip: never over a picture it was given, nor over a device."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from generation.errors import InvalidImage, OperatorError
from generation.system_words import system_words

ENDINGS = (".mp4", ".m4v")
STDOUT = Path("-")


@dataclass(frozen=True, slots=True)
class Beside:
    """Under a free name in a folder: `photo.mp4`, `photo-2.mp4`, …"""

    folder: Path


@dataclass(frozen=True, slots=True)
class Named:
    """Exactly this file; what it holds is replaced once the clip is whole."""

    path: Path


@dataclass(frozen=True, slots=True)
class Into:
    """Bytes into what is no regular file: a device or a pipe, which stays what it is."""

    path: Path


@dataclass(frozen=True, slots=True)
class Stdout:
    """Bytes to whoever reads this program."""


Target = Beside | Named | Into | Stdout


def target_of(output: Path | None, pictures: Collection[Path], count: int) -> Target:
    """What `-o` means for `count` clips; `pictures` are all that were given.

    Raises `OperatorError` for what would destroy something or cannot be a video.
    """
    if output is None or output.is_dir():
        return Beside(output or Path())
    if count > 1:
        raise OperatorError(f"{count} clips do not fit into {output}; give a folder that is there.")
    if output == STDOUT:
        if sys.stdout.isatty():
            raise OperatorError(
                "-o - is for a pipe or a file: a clip would only confuse a terminal."
            )
        return Stdout()
    if output.exists() and not output.is_file():
        return Into(output)
    if not output.parent.is_dir():
        raise InvalidImage("no_folder", path=str(output.parent))
    if any(output.exists() and picture.samefile(output) for picture in pictures):
        raise OperatorError(f"{output} is a picture you gave; the clip needs another name.")
    if output.suffix.lower() not in ENDINGS:
        raise OperatorError(f"{output} does not end like a video; end it in .mp4.")
    return Named(output)


def place(clip: Path, target: Target, picture: Path) -> str:
    """Put a finished clip where it belongs and say where that is; raises `OperatorError`."""
    match target:
        case Beside(folder):
            return str(_placed_beside(clip, folder, picture.stem))
        case Named(path):
            _replace(clip, path)
            return str(path)
        case Stdout():
            with clip.open("rb") as source:
                shutil.copyfileobj(source, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return str(STDOUT)
        case Into(path):
            with _said(path), clip.open("rb") as source, path.open("wb") as stream:
                shutil.copyfileobj(source, stream)
            return str(path)


def _placed_beside(clip: Path, folder: Path, stem: str) -> Path:
    number = 1
    while True:
        path = folder / (f"{stem}.mp4" if number == 1 else f"{stem}-{number}.mp4")
        with _said(path), contextlib.suppress(FileExistsError):
            path.open("xb").close()  # the name is ours from here on, whoever else looks for one
            try:
                _replace(clip, path)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            return path
        number += 1


def _replace(clip: Path, path: Path) -> None:
    """Whole or not at all; a link stays one, and a file that was there keeps its mode."""
    final = path.resolve()
    part = final.with_name(f".{final.name}.{os.getpid()}.part")
    with _said(path):
        try:
            shutil.copyfile(clip, part)
            if final.exists():
                part.chmod(stat.S_IMODE(final.stat().st_mode))
            part.replace(final)
        finally:
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {system_words(error)}.") from None
