"""The scenes of a film as somebody asked for them, and which of them a refusal is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.submission.options import Options
from generation.errors import InvalidImage, InvalidPrompt, UnsupportedOption, Unwelcome

LEAST_SCENES, MOST_SCENES = 2, 10

NOT_OF_SCENES = ("loop", "boomerang", "draft", "variations")
"""Of no use between other scenes: what a clip is asked for that stands alone."""


@dataclass(frozen=True, slots=True)
class SceneWish:
    """One without a picture goes on from the end of the scene before it.

    `own`: the options that are the scene's and not the film's; where nobody can tell them apart,
    those in which scenes differ are. `field`: where its picture came in, unless that is the scene.
    """

    options: Options
    picture: bytes | Path | None = None
    own: frozenset[str] | None = None
    field: str | None = None


def check_count(scenes: Sized) -> None:
    """Raises `UnsupportedOption`."""
    if not LEAST_SCENES <= len(scenes) <= MOST_SCENES:
        raise UnsupportedOption(
            "scene_count", "scenes", low=LEAST_SCENES, high=MOST_SCENES, count=len(scenes)
        )


def check_scenes(scenes: Sequence[SceneWish]) -> None:
    """Raises `UnsupportedOption`."""
    check_count(scenes)
    for scene in scenes:
        check_scene(scene.options)
    if scenes[0].picture is None:
        raise UnsupportedOption("first_scene", field_of(1, "image"))


def check_scene(options: Options) -> None:
    """Raises `UnsupportedOption` for what is not of scenes."""
    asked = (options.loop, options.boomerang, options.draft, options.variations != 1)
    for name, is_asked in zip(NOT_OF_SCENES, asked, strict=True):
        if is_asked:
            raise UnsupportedOption("not_in_film", name)


def check_each(scenes: Sequence[SceneWish], check: Callable[[Options], object]) -> None:
    """Raises what `check` does, which then says of which scene it is."""
    for number, scene in enumerate(scenes, start=1):
        with of_scene(scenes, number):
            check(scene.options)


@contextmanager
def of_scene(scenes: Sequence[SceneWish], number: int) -> Iterator[None]:
    """A refusal within names the field as somebody wrote it: the scene's, or the film's."""
    try:
        yield
    except InvalidPrompt as error:
        param = _written(scenes, number, str(error.facts["param"]))
        error.facts = {**error.facts, "param": param}
        raise
    except InvalidImage as error:
        error.param = scenes[number - 1].field or field_of(number, "image")
        raise
    except (UnsupportedOption, Unwelcome) as error:
        error.param = _written(scenes, number, error.param)
        raise


def field_of(number: int, name: str) -> str:
    """As the API names it."""
    return f"scenes[{number}].{name}"


def _written(scenes: Sequence[SceneWish], number: int, name: str) -> str:
    own = scenes[number - 1].own
    if own is None:
        is_own = len({getattr(scene.options, name, None) for scene in scenes}) > 1
    else:
        is_own = name in own
    return field_of(number, name) if is_own else name
