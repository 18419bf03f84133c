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

from bot.language.catalogue import Catalogue
from generation.errors import InvalidImage, OperatorError
from generation.system_words import system_words

ENDINGS = (".mp4", ".m4v")

PICTURES = frozenset(
    ".jpg .jpeg .jfif .png .apng .webp .gif .bmp .tif .tiff .avif .heic .heif .jxl .svg".split()
)
"""How a picture's name ends; what is no picture that we read is then refused by its name."""

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


def target_of(
    output: str | None, pictures: Collection[Path], count: int, catalogue: Catalogue
) -> Target:
    """What `-o` means for `count` clips; `pictures` are all that were given.

    Raises `OperatorError` for what would destroy something or cannot be a video.
    """
    path = Path(output or "")
    if output is None or (output and path.is_dir()):
        return Beside(path)
    if not output:
        raise OperatorError(catalogue.say("cli.output.empty"))
    if _is_new_folder(output, count):
        _check_parent(path)
        return Beside(path)
    if count > 1:
        raise OperatorError(catalogue.say("cli.output.too_many", count=count, path=output))
    if path == STDOUT:
        if sys.stdout.isatty():
            raise OperatorError(catalogue.say("cli.output.terminal"))
        return Stdout()
    if path.exists() and not path.is_file():
        return Into(path)
    if output.endswith(os.sep):
        raise OperatorError(catalogue.say("cli.output.no_folder", path=output))
    _check_parent(path)
    return _named(path, pictures, catalogue)


def make_folder(target: Target, catalogue: Catalogue) -> None:
    """Before the first clip is made, lest it be made in vain; raises `OperatorError`."""
    match target:
        case Beside(folder):
            with _said(folder, catalogue):
                folder.mkdir(exist_ok=True)
        case Named() | Into() | Stdout():
            pass


def _is_new_folder(output: str, count: int) -> bool:
    """A slash at the end says so, and several clips need one; a name like a video's is none."""
    path = Path(output)
    if os.path.lexists(path) or path == STDOUT:
        return False
    return output.endswith(os.sep) or (count > 1 and path.suffix.lower() not in ENDINGS)


def _check_parent(path: Path) -> None:
    if not path.parent.is_dir():
        raise InvalidImage("no_folder", path=str(path.parent))


def _named(path: Path, pictures: Collection[Path], catalogue: Catalogue) -> Named:
    if any(path.exists() and picture.samefile(path) for picture in pictures):
        raise OperatorError(catalogue.say("cli.output.given", path=str(path)))
    if path.suffix.lower() not in ENDINGS:
        raise OperatorError(catalogue.say("cli.output.not_video", path=str(path)))
    final = path.resolve()
    if final.suffix.lower() in PICTURES:
        raise OperatorError(catalogue.say("cli.output.picture", path=str(path), target=str(final)))
    return Named(path)


def place(clip: Path, target: Target, picture: Path, catalogue: Catalogue) -> str:
    """Put a finished clip where it belongs and say where that is; raises `OperatorError`."""
    match target:
        case Beside(folder):
            return str(_placed_beside(clip, folder, picture.stem, catalogue))
        case Named(path):
            _replace(clip, path, catalogue)
            return str(path)
        case Stdout():
            with clip.open("rb") as source:
                shutil.copyfileobj(source, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return str(STDOUT)
        case Into(path):
            with _said(path, catalogue), clip.open("rb") as source, path.open("wb") as stream:
                shutil.copyfileobj(source, stream)
            return str(path)


def _placed_beside(clip: Path, folder: Path, stem: str, catalogue: Catalogue) -> Path:
    number = 1
    while True:
        path = folder / (f"{stem}.mp4" if number == 1 else f"{stem}-{number}.mp4")
        with _said(path, catalogue), contextlib.suppress(FileExistsError):
            path.open("xb").close()  # the name is ours from here on, whoever else looks for one
            try:
                _replace(clip, path, catalogue)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            return path
        number += 1


def _replace(clip: Path, path: Path, catalogue: Catalogue) -> None:
    """Whole or not at all; a link stays one, and a file that was there keeps its mode."""
    final = path.resolve()
    part = final.with_name(f".{final.name}.{os.getpid()}.part")
    with _said(path, catalogue):
        try:
            shutil.copyfile(clip, part)
            if final.exists():
                part.chmod(stat.S_IMODE(final.stat().st_mode))
            part.replace(final)
        finally:
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _said(path: Path, catalogue: Catalogue) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        reason = system_words(error)
        sentence = catalogue.say("cli.output.unwritable", path=str(path), reason=reason)
        raise OperatorError(sentence) from None
