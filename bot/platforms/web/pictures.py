"""The pictures in a request's body: files of a form, or data URLs; no other URL is fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException

from bot.platforms.web.data_urls import decoded, from_data_url
from bot.platforms.web.fields import File, Text
from bot.platforms.web.json_body import read_json
from bot.submission.options import ExtraPictures, KeyframePicture
from bot.submission.uploads import IncomingUpload
from generation.errors import UnsupportedOption

REFERENCES = ("input_reference", "end_reference")
"""Fields that hold a picture: a file in a form, `{"image_url": …}` in JSON."""


async def picture_of(reference: object, name: str, upload: IncomingUpload) -> bytes | Path | None:
    """The picture that a body carries under `name`; `None` where there is none.

    Raises `InvalidImage`, naming the field, and `UnsupportedOption` for what is no picture.
    """
    match reference:
        case None:
            return None
        case {"file_id": _}:
            raise UnsupportedOption("no_file_ids", name)
        case {"image_url": str() | Text() as url}:
            return await _in_text(url, f"{name}.image_url", upload)
        case File(content):
            return content
        case str() | Text() if str(reference):
            return await _in_text(reference, name, upload)
    raise UnsupportedOption("not_a_picture", name, found=_told(reference))


def _told(reference: object) -> str:
    """What was found in place of a picture, as JSON writes it and in short."""
    match reference:
        case dict():
            return f"{{{shown(', '.join(map(str, reference)))}}}"
        case list():
            return "[…]"
        case str() | Text():
            return '""'
        case _:
            return shown(json.dumps(reference))


def shown(name: str) -> str:
    """What somebody else chose, short and printable enough for a sentence."""
    return "".join(c if c.isprintable() else "?" for c in name[:60])


async def _in_text(text: str | Text, name: str, upload: IncomingUpload) -> bytes | Path:
    """A data URL, or a file that came without a name."""
    if isinstance(text, Text) and text.is_binary:
        return text.content
    if isinstance(text, Text) and isinstance(text.content, Path):
        return await upload.store_made(decoded(text.content, text.spelling, name))
    return from_data_url(str(text), name)


async def extra_of(
    end: bytes | Path | None, keyframes: object, upload: IncomingUpload
) -> ExtraPictures:
    """`keyframes`: a list of {at: seconds, image: data URL}, or its JSON text in a form.

    Raises `InvalidImage`, `UnsupportedOption`.
    """
    if isinstance(keyframes, str | Text):
        keyframes = await list_in_form(keyframes, "keyframes", upload)
    if not isinstance(keyframes, list | None):
        raise _no_keyframes()
    return ExtraPictures(end, tuple([await _keyframe(one, upload) for one in keyframes or ()]))


async def list_in_form(text: str | Text, name: str, upload: IncomingUpload) -> object:
    """What the JSON text in a form's field says; raises `UnsupportedOption`, naming the field."""
    try:
        if isinstance(text, str):
            return json.loads(text)
        return await read_json(text.pieces(), upload)
    except (ValueError, RecursionError, UnsupportedOption, HTTPException):
        raise UnsupportedOption("format", name) from None


async def _keyframe(keyframe: Any, upload: IncomingUpload) -> KeyframePicture:
    match keyframe:
        case {"at": int() | float() as at, "image": str() | Text() as url, **others} if not others:
            if not isinstance(at, bool):
                picture = await _in_text(url, "keyframes.image", upload)
                return KeyframePicture(float(at), picture)
    raise _no_keyframes()


def _no_keyframes() -> UnsupportedOption:
    return UnsupportedOption("format", "keyframes")
