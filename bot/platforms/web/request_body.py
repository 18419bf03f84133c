"""Reading `POST /v1/videos`: multipart or JSON, file or data URL, into a picture and options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from bot.platforms.web.body_pieces import USUAL_PACE, BodyPace, pieces
from bot.platforms.web.fields import File, Text
from bot.platforms.web.form_body import Value, read_form
from bot.platforms.web.json_body import read_json
from bot.platforms.web.pictures import REFERENCES, extra_of, picture_of, shown
from bot.submission.options import Changes, ExtraPictures, Options
from bot.submission.uploads import IncomingUpload
from generation.directions.vocabulary import Effect, Motion
from generation.errors import UnsupportedOption

Whole = Annotated[int, Field(ge=-(2**62), le=2**62)]
"""Numbers past this are nobody's request, and arithmetic with them may not end well."""


def _with_a_point(value: object) -> object:
    return value.replace(",", ".") if isinstance(value, str) else value


Form = TypeVar("Form", bound="VideoForm")

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

    def changes(self) -> Changes:
        """What it says of an earlier video's options; what it leaves out stays as it was."""
        return self.model_dump(exclude_unset=True, exclude={"model"})


class NewVideo(VideoForm):
    """What only a new video is asked with."""

    webhook_url: str | None = None

    def options(self) -> Options:
        """Without the model: which names mean which is looked up where the engines are known."""
        return Options(**self.model_dump(exclude={"model", "webhook_url"}))


@dataclass(frozen=True, slots=True)
class Posted:
    picture: bytes | Path
    extra: ExtraPictures
    form: NewVideo


class ImageReference(BaseModel):
    """How JSON carries a picture; pictures elsewhere on the network are never fetched."""

    image_url: str = Field(description="A `data:image/…;base64,…` URL.")


class KeyframeBody(BaseModel):
    at: float = Field(description="Seconds after the beginning.")
    image: str = Field(description="A `data:image/…;base64,…` URL.")


class VideoBody(NewVideo):
    input_reference: ImageReference
    end_reference: ImageReference | None = None
    keyframes: list[KeyframeBody] | None = None


class Reader:
    """Reads bodies when it is their turn; what is large in them is on the disk afterwards.

    All raise `Rejected` kinds, and `HTTPException` for a body that dawdles or is too much.
    """

    def __init__(self, pace: BodyPace = USUAL_PACE) -> None:
        self._pace = pace

    async def read(self, request: Request, upload: IncomingUpload) -> Posted:
        """A picture and what is to be made of it."""
        fields = await self._fields(request, upload)
        sent = tuple(fields)
        first, end = [await _picture(fields, name, upload) for name in REFERENCES]
        if first is None:
            raise without("picture", REFERENCES[0], sent)
        extra = await extra_of(end or None, fields.pop("keyframes", None), upload)
        return Posted(first, extra, _form(fields, NewVideo))

    async def changes(self, request: Request, upload: IncomingUpload) -> VideoForm:
        """The options that a body without pictures gives; none is fine too."""
        async with upload.turn():
            body = await read_json(pieces(request, self._pace), upload)
        return _changes(_object({} if body is None else body))

    async def edit(
        self, request: Request, upload: IncomingUpload
    ) -> tuple[str | bytes | Path, VideoForm]:
        """Which video a body is about, its id or the file itself, and what is to change."""
        fields = await self._fields(request, upload)
        sent = tuple(fields)
        video = _video(fields.pop("video", None) or fields.pop("video[id]", None))
        if video is None:
            raise without("video", "video", sent)
        return video, _changes({name: value for name, value in fields.items() if value != ""})

    async def _fields(self, request: Request, upload: IncomingUpload) -> dict[str, Any]:
        """What was given, by name: what JSON can say, `Text` and `File`."""
        kind, body = _kind(request), pieces(request, self._pace)
        async with upload.turn():
            if kind == "application/json":
                fields = _object(await read_json(body, upload))
                return {name: value for name, value in fields.items() if value is not None}
            if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
                return _once(await read_form(request.headers["content-type"], body, upload))
        raise UnsupportedOption("media_type", "Content-Type")


def _once(form: Sequence[tuple[str, Value]]) -> dict[str, Any]:
    """An empty text is a field that nobody filled in."""
    fields: dict[str, Any] = {}
    for name, value in form:
        if name in fields:
            raise UnsupportedOption("twice", shown(name))
        fields[name] = value
    return {name: value for name, value in fields.items() if value != ""}


async def _picture(
    fields: dict[str, Any], name: str, upload: IncomingUpload
) -> bytes | Path | None:
    """Take a picture out of the fields; `name[image_url]` is how forms write an object."""
    url = fields.pop(f"{name}[image_url]", None)
    given = fields.pop(name, None)
    if given is None and url is not None:
        given = {"image_url": url}
    return await picture_of(given, name, upload)


def _object(body: object) -> dict[str, Any]:
    if body is None:
        raise UnsupportedOption("json", "body")
    if not isinstance(body, dict):
        raise UnsupportedOption("json_object", "body")
    return body


def _video(named: object) -> str | bytes | Path | None:
    match named:
        case {"id": str(video_id)} | str(video_id) if video_id:
            return video_id
        case File(content):
            return content
        case Text():
            return named.content if named.is_binary else str(named)
        case _:
            return None


def _changes(fields: dict[str, Any]) -> VideoForm:
    return _form({name: value for name, value in fields.items() if value is not None}, VideoForm)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def without(
    what: Literal["picture", "video"], param: str, sent: Sequence[str]
) -> UnsupportedOption:
    """The refusal of a body that lacks what it is about, with what was found in it."""
    found = tuple(map(shown, sent[:12]))
    match what, bool(found):
        case "picture", False:
            return UnsupportedOption("no_picture", param)
        case "video", False:
            return UnsupportedOption("no_video", param)
        case "picture", True:
            return UnsupportedOption("no_picture_among", param, found=found)
        case _:
            return UnsupportedOption("no_video_among", param, found=found)


def _form(fields: dict[str, Any], kind: type[Form]) -> Form:
    said = {name: str(one) if isinstance(one, Text) else one for name, one in fields.items()}
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = shown(str(first["loc"][0])) if first["loc"] else "body"
        raise _misread(name, first) from None


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
