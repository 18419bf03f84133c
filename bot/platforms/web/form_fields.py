"""The options that a body gives as plain values, and what is wrong with them."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticKnownError

from bot.platforms.web.fields import Text
from bot.platforms.web.pictures import shown
from bot.submission.options import Changes, Options
from generation.directions.vocabulary import Effect, Motion
from generation.errors import UnsupportedOption


def _no_truth(value: object) -> object:
    """`true` is no number, though Python takes it for 1."""
    if isinstance(value, bool):
        raise PydanticKnownError("int_type")
    return value


def _with_a_point(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticKnownError("float_type")
    return value.replace(",", ".") if isinstance(value, str) else value


Whole = Annotated[int, Field(ge=-(2**62), le=2**62), BeforeValidator(_no_truth)]
"""Numbers past this are nobody's request, and arithmetic with them may not end well."""

Form = TypeVar("Form", bound=BaseModel)

Decimal = Annotated[float, BeforeValidator(_with_a_point)]
"""`4,5` is how half of the world writes 4.5 into a form."""


class VideoForm(BaseModel):
    """The options of `POST /v1/videos`; numbers may come as text, as forms send them."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    prompt: str = ""
    model: str | None = None
    seconds: Decimal | None = None
    size: str = "auto"
    negative_prompt: str | None = None
    motion: Motion = Motion.AUTO
    effect: Effect = Effect.AUTO
    seed: Whole | None = None
    num_frames: Whole | None = None
    fps: Whole | None = None
    num_inference_steps: Whole | None = None
    guidance_scale: Decimal | None = None
    strength: Decimal | None = None
    motion_strength: Whole | None = None
    loop: bool = False
    boomerang: bool = False
    enhance: bool = True
    draft: bool | None = None
    variations: Whole = 1

    def changes(self) -> Changes:
        """What it says of an earlier video's options; what it leaves out stays as it was."""
        return self.model_dump(exclude_unset=True, exclude={"model"})


class NewVideo(VideoForm):
    """What only a new video is asked with."""

    webhook_url: str | None = None

    def options(self) -> Options:
        """Without the model: which names mean which is looked up where the engines are known."""
        return Options(**self.model_dump(exclude={"model", "webhook_url"}))


def validated(fields: dict[str, Any], kind: type[Form], *, within: str = "") -> Form:
    """Raises `UnsupportedOption`, naming the field and what it is `within`."""
    said = {name: str(one) if isinstance(one, Text) else one for name, one in fields.items()}
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = shown(str(first["loc"][0])) if first["loc"] else "body"
        raise _misread(within + name, first) from None


def _misread(name: str, error: ErrorDetails) -> UnsupportedOption:
    """What pydantic found, without its words: they are English and speak to programmers."""
    kind = error["type"]
    match kind.partition("_")[0]:
        case "extra":
            return UnsupportedOption("unknown_name", name)
        case "enum" | "literal":
            known = str(error["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
            return UnsupportedOption("choice", name, known=tuple(known.split(", ")))
        case "float" | "finite":
            return UnsupportedOption("number", name)
        case "int" | "greater" | "less":
            return UnsupportedOption("whole_number", name)
        case "bool":
            return UnsupportedOption("yes_or_no", name)
        case "string":
            return UnsupportedOption("text", name)
        case _:
            return UnsupportedOption("format", name)
