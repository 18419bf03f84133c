"""Reading `POST /v1/videos`: multipart or JSON, a file or a data URL, into a picture and words."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.platforms.web.guard import MAX_BODY
from bot.wish import Words
from generation.directions.vocabulary import Effect, Motion
from generation.errors import InvalidImage, UnsupportedOption

AT_ONCE = 8
"""Bodies read side by side: each may take its whole size in memory."""

READ_LIMIT = 60.0
"""Seconds a body may take to arrive: 25 MB at half a megabyte a second."""

TOO_SLOW = "The picture took too long to arrive; please try again"

DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,", re.ASCII)

Whole = Annotated[int, Field(ge=-(2**62), le=2**62)]
"""Numbers past this are nobody's wish, and arithmetic with them may not end well."""


class VideoForm(BaseModel):
    """The words of `POST /v1/videos`; numbers may come as text, as forms send them."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    prompt: str = ""
    model: str | None = None
    seconds: float | None = None
    size: str = "auto"
    negative_prompt: str | None = None
    motion: Motion = Motion.AUTO
    effect: Effect = Effect.NONE
    seed: Whole | None = None
    num_frames: Whole | None = None
    fps: Whole | None = None
    num_inference_steps: Whole | None = None
    guidance_scale: float | None = None
    strength: float | None = None

    def words(self) -> Words:
        return Words(**self.model_dump(exclude={"model"}))


@dataclass(frozen=True, slots=True)
class Posted:
    picture: bytes
    form: VideoForm


class ImageReference(BaseModel):
    """How JSON carries a picture; pictures elsewhere on the network are never fetched."""

    image_url: str = Field(description="A `data:image/…;base64,…` URL.")


class VideoBody(VideoForm):
    input_reference: ImageReference


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
                raise HTTPException(408, TOO_SLOW) from None


async def _read(request: Request) -> Posted:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    match kind:
        case "multipart/form-data" | "application/x-www-form-urlencoded":
            return await _from_form(request)
        case "application/json":
            return await _from_json(request)
        case _:
            raise UnsupportedOption(
                "Send the request as multipart/form-data or as application/json.", "Content-Type"
            )


async def _from_form(request: Request) -> Posted:
    try:
        async with request.form(max_files=4, max_fields=40, max_part_size=MAX_BODY) as form:
            fields: dict[str, Any] = {}
            for name, value in form.multi_items():
                if name in fields:
                    raise UnsupportedOption(f"{_shown(name)} is there twice.", _shown(name))
                fields[name] = value
            file = fields.pop("input_reference", None)
            url = fields.pop("input_reference[image_url]", None)
            picture = await file.read() if isinstance(file, UploadFile) else None
    except HTTPException as error:
        if error.status_code != 400:  # the guard's 413 passes through
            raise
        raise UnsupportedOption("The form cannot be read.", "body") from None
    if picture is None and isinstance(url, str):
        picture = _from_data_url(url)
    if picture is None:
        raise _no_picture()
    return Posted(picture, _words({k: v for k, v in fields.items() if v != ""}))


async def _from_json(request: Request) -> Posted:
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise UnsupportedOption("The body is not JSON.", "body") from None
    if not isinstance(body, dict):
        raise UnsupportedOption("The body is not a JSON object.", "body")
    reference = body.pop("input_reference", None)
    url = reference.get("image_url") if isinstance(reference, dict) else None
    if not isinstance(url, str):
        raise _no_picture()
    return Posted(_from_data_url(url), _words({k: v for k, v in body.items() if v is not None}))


def _from_data_url(url: str) -> bytes:
    match = DATA_URL.match(url)
    if match is None:
        raise InvalidImage(
            "input_reference.image_url must be a data:image/…;base64,… URL: "
            "pictures are not fetched from elsewhere."
        )
    try:
        return base64.b64decode(url[match.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise InvalidImage("The data URL of the picture is not valid base64.") from None


def _words(fields: dict[str, Any]) -> VideoForm:
    try:
        return VideoForm.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = _shown(str(first["loc"][0])) if first["loc"] else "body"
        if first["type"] == "extra_forbidden":
            raise UnsupportedOption(f"There is no option {name}.", name) from None
        raise UnsupportedOption(f"{name}: {_lower(first['msg'])}.", name) from None


def _no_picture() -> InvalidImage:
    return InvalidImage("There is no picture: send one as input_reference.")


def _shown(name: str) -> str:
    """A name somebody else chose, short and printable enough for a sentence."""
    return "".join(c if c.isprintable() else "?" for c in name[:60])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
