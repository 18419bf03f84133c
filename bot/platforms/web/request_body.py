"""Reading `POST /v1/videos`: multipart or JSON, file or data URL, into a picture and options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field
from starlette.requests import Request

from bot.platforms.web.body_pieces import USUAL_PACE, BodyPace, pieces
from bot.platforms.web.fields import File, Text
from bot.platforms.web.film_body import PostedFilm, SceneBody, film_of
from bot.platforms.web.form_body import Value, read_form
from bot.platforms.web.form_fields import NewVideo, VideoForm, validated
from bot.platforms.web.json_body import read_json
from bot.platforms.web.pictures import REFERENCES, extra_of, picture_of, shown
from bot.submission.options import ExtraPictures
from bot.submission.uploads import IncomingUpload
from generation.errors import UnsupportedOption
from generation.media.joining.film import Fit, Transition


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
    input_reference: ImageReference | None = None
    end_reference: ImageReference | None = None
    keyframes: list[KeyframeBody] | None = None
    scenes: list[SceneBody] | None = None
    transition: Transition = Transition.CUT
    fit: Fit = Fit.BLUR


class Reader:
    """Reads bodies when it is their turn; what is large in them is on the disk afterwards.

    All raise `Rejected` kinds, and `HTTPException` for a body that dawdles or is too much.
    """

    def __init__(self, pace: BodyPace = USUAL_PACE) -> None:
        self._pace = pace

    async def read(self, request: Request, upload: IncomingUpload) -> Posted | PostedFilm:
        """A picture and what is to be made of it, or the scenes of a film."""
        fields = await self._fields(request, upload)
        sent = tuple(fields)
        if "scenes" in fields:
            beside = await _picture(fields, REFERENCES[0], upload)
            return await film_of(fields, beside, upload)
        first, end = [await _picture(fields, name, upload) for name in REFERENCES]
        if first is None:
            raise without("picture", REFERENCES[0], sent)
        extra = await extra_of(end or None, fields.pop("keyframes", None), upload)
        return Posted(first, extra, validated(fields, NewVideo))

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

    async def clip(self, request: Request, upload: IncomingUpload) -> bytes | Path:
        """A video as a file, and nothing else."""
        fields = await self._fields(request, upload)
        sent = tuple(fields)
        match _video(fields.pop("video", None)):
            case bytes() | Path() as clip if not fields:
                return clip
            case bytes() | Path():
                raise UnsupportedOption("unknown_name", shown(next(iter(fields))))
            case str() | None:
                raise without("video", "video", sent)

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
    return validated(
        {name: value for name, value in fields.items() if value is not None}, VideoForm
    )


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
