"""Reading `POST /v1/videos`: multipart or JSON, file or data URL, into a picture and options."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.platforms.web.guard import MAX_BODY
from bot.platforms.web.pictures import (
    REFERENCES,
    extra_of,
    from_data_url,
    picture_in_field,
    picture_of,
)
from bot.submission.options import Changes, ExtraPictures, Options
from generation.directions.vocabulary import Effect, Motion
from generation.errors import UnsupportedOption

AT_ONCE = 8
"""Bodies read side by side: each may take its whole size in memory."""

READ_LIMIT = 60.0
"""Seconds a body may take to arrive: 25 MB at half a megabyte a second."""

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
    loop: bool = False


class NewVideo(VideoForm):
    """What only a new video is asked with."""

    webhook_url: str | None = None

    def options(self) -> Options:
        return Options(**self.model_dump(exclude={"model", "webhook_url"}))


@dataclass(frozen=True, slots=True)
class Posted:
    picture: bytes
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
    """Reads a few bodies at once, so that a flood of pictures waits outside of our memory."""

    def __init__(self, *, at_once: int = AT_ONCE, limit: float = READ_LIMIT) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._limit = limit

    async def read(self, request: Request) -> Posted:
        """Raises `InvalidImage`, `UnsupportedOption`; `HTTPException` for a body that dawdles."""
        async with self._free:
            try:
                async with asyncio.timeout(self._limit):
                    return await _read(request)
            except TimeoutError:
                raise HTTPException(408) from None


async def read_changes(request: Request, *, limit: float = READ_LIMIT) -> Changes:
    """The options that a body without pictures gives: only those, checked; none is fine too.

    Raises `UnsupportedOption`; `HTTPException` for a body that dawdles.
    """
    try:
        async with asyncio.timeout(limit):
            body = await _json(request) if await request.body() else {}
    except TimeoutError:
        raise HTTPException(408) from None
    given = {name: value for name, value in body.items() if value is not None}
    return _form(given, VideoForm).model_dump(exclude_unset=True, exclude={"model"})


async def read_edit(request: Request, *, limit: float = READ_LIMIT) -> tuple[str | bytes, Changes]:
    """Which video a body is about, its id or the file itself, and what is to change.

    Raises `UnsupportedOption`; `HTTPException` for a body that dawdles.
    """
    try:
        async with asyncio.timeout(limit):
            if _kind(request) == "application/json":
                body = await _json(request)
            else:
                body = await _fields(request)
    except TimeoutError:
        raise HTTPException(408) from None
    sent = tuple(body)
    video = _video(body.pop("video", None) or body.pop("video[id]", None))
    if video is None:
        raise without("video", "video", sent)
    given = {name: value for name, value in body.items() if value not in (None, "")}
    return video, _form(given, VideoForm).model_dump(exclude_unset=True, exclude={"model"})


def _video(named: object) -> str | bytes | None:
    match named:
        case {"id": str(video_id)} | str(video_id) if video_id:
            return video_id
        case bytes(content):
            return content
        case _:
            return None


async def _fields(request: Request) -> dict[str, Any]:
    """A form's fields, files as their bytes."""
    try:
        async with request.form(max_files=1, max_fields=40, max_part_size=MAX_BODY) as form:
            return {
                name: await value.read() if isinstance(value, UploadFile) else value
                for name, value in form.multi_items()
            }
    except HTTPException as error:
        if error.status_code != 400:
            raise
        raise UnsupportedOption("form", "body") from None


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _read(request: Request) -> Posted:
    match _kind(request):
        case "multipart/form-data" | "application/x-www-form-urlencoded":
            return await _from_form(request)
        case "application/json":
            return await _from_json(request)
        case _:
            raise UnsupportedOption("media_type", "Content-Type")


async def _from_form(request: Request) -> Posted:
    try:
        async with request.form(max_files=4, max_fields=40, max_part_size=MAX_BODY) as form:
            fields: dict[str, Any] = {}
            for name, value in form.multi_items():
                if name in fields:
                    raise UnsupportedOption("twice", _shown(name))
                fields[name] = value
            sent = tuple(fields)
            pictures = {name: await _picture(fields, name) for name in REFERENCES}
    except HTTPException as error:
        if error.status_code != 400:  # the guard's 413 passes through
            raise
        raise UnsupportedOption("form", "body") from None
    return _posted(pictures, {k: v for k, v in fields.items() if v != ""}, sent)


async def _picture(fields: dict[str, Any], name: str) -> bytes | None:
    """Take a picture out of a form's fields: a file, or a data URL."""
    file = fields.pop(name, None)
    url = fields.pop(f"{name}[image_url]", None)
    if isinstance(file, UploadFile):
        return await file.read()
    if isinstance(file, str) and file:
        return picture_in_field(file, name)
    return from_data_url(url, f"{name}.image_url") if isinstance(url, str) else None


async def _from_json(request: Request) -> Posted:
    body = await _json(request)
    sent = tuple(body)
    pictures = {name: picture_of(body.pop(name, None), name) for name in REFERENCES}
    return _posted(pictures, {k: v for k, v in body.items() if v is not None}, sent)


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise UnsupportedOption("json", "body") from None
    if not isinstance(body, dict):
        raise UnsupportedOption("json_object", "body")
    return body


def _posted(
    pictures: dict[str, bytes | None], fields: dict[str, Any], sent: Sequence[str]
) -> Posted:
    first, end = (pictures[name] for name in REFERENCES)
    if first is None:
        raise without("picture", REFERENCES[0], sent)
    extra = extra_of(end or None, fields.pop("keyframes", None))
    return Posted(first, extra, _form(fields, NewVideo))


def without(
    what: Literal["picture", "video"], param: str, sent: Sequence[str]
) -> UnsupportedOption:
    """The refusal of a body that lacks what it is about, with what was found in it."""
    found = tuple(map(_shown, sent[:12]))
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
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = _shown(str(first["loc"][0])) if first["loc"] else "body"
        raise _misread(name, first) from None


def _shown(name: str) -> str:
    """A name somebody else chose, short and printable enough for a sentence."""
    return "".join(c if c.isprintable() else "?" for c in name[:60])


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
