"""Reading the scenes of a film out of a body: words and a length each, pictures by part or URL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.platforms.web.fields import File, Text
from bot.platforms.web.form_fields import Decimal, NewVideo, Whole, validated
from bot.platforms.web.pictures import list_in_form, picture_of, shown
from bot.submission.films import NOT_OF_SCENES, SceneWish, check_count
from bot.submission.options import Options, changed
from bot.submission.uploads import IncomingUpload
from generation.directions.vocabulary import Effect, Motion
from generation.errors import UnsupportedOption
from generation.media.joining.film import FilmStyle, Fit, Transition

NOT_OF_FILMS = ("end_reference", "end_reference[image_url]", "keyframes")


class SceneBody(BaseModel):
    """What a scene says otherwise than the film does."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    prompt: str = ""
    seconds: Decimal | None = None
    motion: Motion = Motion.AUTO
    effect: Effect = Effect.AUTO
    seed: Whole | None = None
    image: str | None = Field(
        default=None,
        description="A `data:image/…;base64,…` URL, or in a form the name of the part that it is;"
        " without one the scene goes on from the end of the one before it.",
    )


class FilmForm(NewVideo):
    """What the whole film is asked with."""

    transition: Transition = Transition.CUT
    fit: Fit = Fit.BLUR

    def options(self) -> Options:
        """What holds for each scene that does not say otherwise."""
        told = self.model_dump(exclude={"model", "webhook_url", "transition", "fit"})
        return Options(**told)

    @property
    def style(self) -> FilmStyle:
        return FilmStyle(self.transition, self.fit)


@dataclass(frozen=True, slots=True)
class PostedFilm:
    scenes: tuple[SceneWish, ...]
    form: FilmForm

    def wishes(self, model: str | None) -> list[SceneWish]:
        """All of them for the one model."""
        return [replace(one, options=replace(one.options, model=model)) for one in self.scenes]


async def film_of(
    fields: dict[str, Any], beside: bytes | Path | None, upload: IncomingUpload
) -> PostedFilm:
    """`fields` is a body with `scenes`, `beside` the first one's picture where it came so.

    Raises `UnsupportedOption`, `InvalidImage`.
    """
    for name in NOT_OF_FILMS:
        if name in fields:
            raise UnsupportedOption("not_in_film", name.partition("[")[0])
    scenes = await _listed(fields.pop("scenes"), upload)
    images = [_taken(scene, number) for number, scene in enumerate(scenes, start=1)]
    parts = {name: fields.get(name) for name in images if isinstance(name, str)}
    files = {name: part for name, part in parts.items() if isinstance(part, File | Text)}
    form = validated({k: v for k, v in fields.items() if k not in files}, FilmForm)
    wishes = []
    for number, (scene, image) in enumerate(zip(scenes, images, strict=True), start=1):
        within = f"scenes[{number}]."
        name = f"{within}image"
        said = _said(scene, within)
        options = changed(form.options(), said.model_dump(exclude_unset=True))
        given = files.get(image, image) if isinstance(image, str) else image
        picture = await picture_of(given, name, upload)
        if number == 1 and beside is not None:
            if picture is not None:
                raise UnsupportedOption("not_in_film", "input_reference")
            picture = beside
        wishes.append(SceneWish(options, picture))
    return PostedFilm(tuple(wishes), form)


def _said(scene: dict[str, Any], within: str) -> SceneBody:
    for name in NOT_OF_SCENES:
        if name in scene:
            raise UnsupportedOption("not_in_film", within + name)
    return validated(scene, SceneBody, within=within)


async def _listed(scenes: object, upload: IncomingUpload) -> list[dict[str, Any]]:
    if isinstance(scenes, str | Text):
        scenes = await list_in_form(scenes, "scenes", upload)
    if not isinstance(scenes, list) or not all(isinstance(one, dict) for one in scenes):
        raise UnsupportedOption("format", "scenes")
    check_count(scenes)
    return [{name: value for name, value in one.items() if value is not None} for one in scenes]


def _taken(scene: dict[str, Any], number: int) -> object:
    """The picture that a scene names, taken out of it."""
    image = scene.pop("image", None)
    if image is not None and not isinstance(image, str | Text | dict):
        raise UnsupportedOption("format", shown(f"scenes[{number}].image"))
    return image
