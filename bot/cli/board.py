"""A storyboard as somebody wrote it: every fault in it is said before anything is made."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeGuard

from bot.cli.board_values import (
    AnyNumber,
    BoardText,
    Kind,
    OneOf,
    SizeText,
    WholeNumber,
    YesOrNo,
    checked,
)
from bot.cli.foreign_text import plain
from bot.cli.picture_check import check_picture
from bot.language.catalogue import Catalogue
from bot.language.reasons import in_scene, refusal
from bot.submission.options import ExtraPictures, KeyframePicture, Options
from bot.submission.scenes import NOT_OF_SCENES, check_count
from generation.directions.vocabulary import Effect, Motion
from generation.errors import AnimationError, OperatorError, UnsupportedOption
from generation.media.joining.film import FilmStyle, Fit, Transition
from generation.system_words import system_words

LONGEST_FADE = 10
"""Seconds."""

SCENES = "[[scenes]]"
"""How a scene begins."""

OPTIONS: Mapping[str, tuple[str, Kind]] = {
    "motion": ("motion", OneOf(Motion)),
    "effect": ("effect", OneOf(Effect)),
    "seconds": ("seconds", AnyNumber()),
    "frames": ("num_frames", WholeNumber()),
    "fps": ("fps", WholeNumber()),
    "size": ("size", SizeText()),
    "seed": ("seed", WholeNumber()),
    "negative": ("negative_prompt", BoardText()),
    "steps": ("num_inference_steps", WholeNumber()),
    "guidance": ("guidance_scale", AnyNumber()),
    "strength": ("strength", AnyNumber()),
    "motion_strength": ("motion_strength", WholeNumber()),
    "enhance": ("enhance", YesOrNo()),
}
"""What `photoplay animate` calls them, and what the rest of us does; above the scenes for all."""

LENGTHS = ("seconds", "frames")
"""A scene's own length takes the place of the board's, whichever way either is said."""

STYLE: Mapping[str, tuple[str, Kind]] = {
    "transition": ("transition", OneOf(Transition)),
    "fit": ("fit", OneOf(Fit)),
    "fade": ("fade_seconds", AnyNumber()),
}

ABOVE: Mapping[str, object] = {**STYLE, **OPTIONS}
"""What may stand above the scenes."""

OF_SCENES = ("prompt", "image", "end", "keyframes")
WITHIN: Mapping[str, object] = {**OPTIONS, **dict.fromkeys(OF_SCENES, ())}
"""What may stand in a scene."""

LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class BoardScene:
    """Without a picture it goes on from the scene before."""

    options: Options
    picture: Path | None
    end: Path | None = None
    keyframes: tuple[tuple[float, Path], ...] = ()

    @property
    def pictures(self) -> tuple[Path, ...]:
        first = () if self.picture is None else (self.picture,)
        last = () if self.end is None else (self.end,)
        return (*first, *last, *(path for _, path in self.keyframes))

    def extra(self) -> ExtraPictures:
        """Raises `OSError`."""
        passed = (KeyframePicture(at, path.read_bytes()) for at, path in self.keyframes)
        return ExtraPictures(self.end, tuple(passed))


@dataclass(frozen=True, slots=True)
class Board:
    path: Path
    scenes: tuple[BoardScene, ...]
    style: FilmStyle

    @property
    def pictures(self) -> tuple[Path, ...]:
        return tuple(path for scene in self.scenes for path in scene.pictures)


def read_board(path: Path, catalogue: Catalogue) -> Board:
    """Raises `OperatorError` for the first fault, with the scene where it lies."""
    return _BoardReader(path, catalogue).board()


class _BoardReader:
    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._path = path
        self._catalogue = catalogue

    def board(self) -> Board:
        check_picture(self._path, self._catalogue)
        written = self._toml()
        scenes = written.pop("scenes", None)
        style, shared = self._above(written, scenes)
        scenes = scenes or []
        read = tuple(self._scene(number, one, shared) for number, one in enumerate(scenes, 1))
        return Board(self._path, read, style)

    def _toml(self) -> dict[str, Any]:
        try:
            data = self._path.read_bytes()
        except OSError as error:
            reason = system_words(error)
            path = plain(str(self._path))
            sentence = self._catalogue.say("cli.unreadable", path=path, reason=reason)
            raise OperatorError(sentence) from None
        try:
            return tomllib.loads(data.decode())
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
        except tomllib.TOMLDecodeError as error:
            found = LINE.search(str(error))
            line = int(found[1]) if found else data.count(b"\n") + 1
        raise self._fault(self._catalogue.say("cli.film.not_toml", line=line))

    def _above(
        self, written: Mapping[str, Any], scenes: object
    ) -> tuple[FilmStyle, dict[str, Any]]:
        try:
            self._check_known(written, ABOVE, "within", OF_SCENES)
            self._check_scenes(scenes)
            style = FilmStyle(**_values(written, STYLE))
            if not 0 <= style.fade_seconds <= LONGEST_FADE:
                raise UnsupportedOption("out_of_range", "fade", low=0, high=LONGEST_FADE)
            return style, _values(written, OPTIONS)
        except AnimationError as error:
            raise self._fault(refusal(self._catalogue, error)) from None

    def _check_scenes(self, scenes: object) -> None:
        if not (scenes is None or _are_tables(scenes)):
            raise self._unknown("scenes", scenes, ())
        check_count(scenes or ())

    def _scene(
        self, number: int, written: Mapping[str, Any], shared: Mapping[str, Any]
    ) -> BoardScene:
        try:
            self._check_known(written, WITHIN, "above", STYLE)
            if number == 1 and "image" not in written:
                raise UnsupportedOption("first_scene", "image")
            scene = self._read_scene(written, shared)
            for picture in scene.pictures:
                check_picture(picture, self._catalogue)
        except AnimationError as error:
            said = refusal(self._catalogue, error)
            raise self._fault(in_scene(self._catalogue, number, said)) from None
        return scene

    def _read_scene(self, written: Mapping[str, Any], shared: Mapping[str, Any]) -> BoardScene:
        own = _values(written, OPTIONS)
        if any(name in written for name in LENGTHS):
            lengths = {OPTIONS[name][0] for name in LENGTHS}
            shared = {name: value for name, value in shared.items() if name not in lengths}
        prompt = checked("prompt", written.get("prompt", ""), BoardText())
        options = Options(**{**shared, **own, "prompt": prompt})
        return BoardScene(
            options,
            self._picture(written, "image"),
            self._picture(written, "end"),
            tuple(self._keyframe(one) for one in _tables(written.get("keyframes", []))),
        )

    def _picture(self, written: Mapping[str, Any], name: str) -> Path | None:
        """Beside the board, unless it is said from the root on."""
        if name not in written:
            return None
        path: str = checked(name, written[name], BoardText())
        return self._path.parent / path

    def _keyframe(self, written: Mapping[str, Any]) -> tuple[float, Path]:
        self._check_known(written, {"at": (), "image": ()}, "above", ())
        picture = self._picture(written, "image")
        if picture is None or "at" not in written:
            raise UnsupportedOption("text" if picture is None else "number", "keyframes")
        return checked("keyframes", written["at"], AnyNumber()), picture

    def _check_known(
        self,
        written: Mapping[str, Any],
        known: Collection[str],
        elsewhere: str,
        there: Collection[str],
    ) -> None:
        """What is known `there` is no mistake of writing: it stands in the wrong place."""
        for name, value in written.items():
            if name in NOT_OF_SCENES:
                raise UnsupportedOption("not_in_film", name)
            if name in there:
                sentence = self._catalogue.say(f"cli.film.{elsewhere}", option=name, scenes=SCENES)
                raise OperatorError(sentence)
            if name not in known:
                raise self._unknown(name, value, (*known, *there))

    def _unknown(self, name: str, value: object, known: Collection[str]) -> OperatorError:
        """With what is nearest to it, a scene's beginning included."""
        found = get_close_matches(name.lower(), (*known, "scenes"), n=1)
        near = tuple(SCENES if one == "scenes" else one for one in found)
        key = "option_near" if near else "option"
        option = plain(_as_written(name, value))
        return OperatorError(self._catalogue.say(f"cli.misuse.{key}", option=option, near=near))

    def _fault(self, said: str) -> OperatorError:
        return OperatorError(f"{plain(str(self._path))}: {said}")


def _values(written: Mapping[str, Any], known: Mapping[str, tuple[str, Kind]]) -> dict[str, Any]:
    return {
        field: checked(field, written[name], kind)
        for name, (field, kind) in known.items()
        if name in written
    }


def _as_written(name: str, value: object) -> str:
    """A table's name with its brackets, as its line in the file says it."""
    if isinstance(value, dict):
        return f"[{name}]"
    return f"[[{name}]]" if value and _are_tables(value) else name


def _are_tables(written: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(written, list) and all(isinstance(one, dict) for one in written)


def _tables(written: object) -> list[dict[str, Any]]:
    if not _are_tables(written):
        raise UnsupportedOption("format", "keyframes")
    return written
