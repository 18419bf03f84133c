"""Reading the scenes of a film out of a body: words and a length each, pictures by part or URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.platforms.web.fields import File, Text
from bot.platforms.web.form_fields import Decimal, NewVideo, Whole, validated
from bot.platforms.web.pictures import REFERENCES, list_in_form, picture_of, shown
from bot.submission.options import Options, changed
from bot.submission.scenes import NOT_OF_SCENES, SceneWish, check_count, field_of
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
    parts = _parts(fields, beside)
    scenes = await _listed(fields.pop("scenes"), upload)
    images = [_image_of(scene, number) for number, scene in enumerate(scenes, start=1)]
    if beside is not None and images[0] is None:
        images[0] = REFERENCES[0]
    elif beside is not None and images[0] != REFERENCES[0]:
        raise UnsupportedOption("not_in_film", REFERENCES[0])
    pictures = [
        await picture_of(_part_or(image, number, parts), field_of(number, "image"), upload)
        for number, image in enumerate(images, start=1)
    ]
    named = {image for image in images if isinstance(image, str)} & parts.keys()
    form = validated({k: v for k, v in fields.items() if k not in named}, FilmForm)
    wishes = []
    for number, (scene, picture) in enumerate(zip(scenes, pictures, strict=True), start=1):
        own = _said(scene, number).model_dump(exclude_unset=True)
        field = REFERENCES[0] if images[number - 1] == REFERENCES[0] else None
        wishes.append(SceneWish(changed(form.options(), own), picture, frozenset(own), field))
    return PostedFilm(tuple(wishes), form)


def _parts(fields: Mapping[str, object], beside: bytes | Path | None) -> dict[str, object]:
    """What scenes may name; JSON has nothing of the kind but the film's own picture."""
    in_form = isinstance(fields["scenes"], str | Text)
    own = {} if beside is None else {REFERENCES[0]: File(beside)}
    return {**(fields if in_form else {}), **own}


def _said(scene: dict[str, Any], number: int) -> SceneBody:
    for name in NOT_OF_SCENES:
        if name in scene:
            raise UnsupportedOption("not_in_film", field_of(number, name))
    return validated(scene, SceneBody, within=field_of(number, ""))


async def _listed(scenes: object, upload: IncomingUpload) -> list[dict[str, Any]]:
    if isinstance(scenes, str | Text):
        scenes = await list_in_form(scenes, "scenes", upload)
    if not isinstance(scenes, list):
        raise UnsupportedOption("format", "scenes")
    check_count(scenes)
    for number, scene in enumerate(scenes, start=1):
        if not isinstance(scene, dict):
            raise UnsupportedOption("format", f"scenes[{number}]")
    return [{name: value for name, value in one.items() if value is not None} for one in scenes]


def _image_of(scene: dict[str, Any], number: int) -> object:
    """What a scene says its picture is, taken out of it."""
    image = scene.pop("image", None)
    if image is not None and not isinstance(image, str | Text | dict):
        raise UnsupportedOption("format", field_of(number, "image"))
    return image


def _part_or(image: object, number: int, parts: Mapping[str, object]) -> object:
    """The part that is named, or the picture itself."""
    if not isinstance(image, str):
        return image
    if image not in parts and "scenes" in parts and image and ":" not in image:
        raise UnsupportedOption("no_part", field_of(number, "image"), part=shown(image))
    return parts.get(image, image)
