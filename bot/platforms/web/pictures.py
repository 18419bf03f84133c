"""The pictures in a request's body: files of a form, or data URLs; no other URL is fetched."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from bot.submission.options import ExtraPictures, KeyframePicture
from generation.errors import InvalidImage, UnsupportedOption

DATA_URL = re.compile(r"\s*data:[^,;]{0,100}(?:;[^,;]{1,100}){0,5};base64,", re.IGNORECASE)
"""Of whatever kind it says it is: what it is, the bytes tell."""

REFERENCES = ("input_reference", "end_reference")
"""Fields that hold a picture: a file in a form, `{"image_url": …}` in JSON."""


def picture_of(reference: object, name: str) -> bytes | None:
    """The picture that JSON carries under `name`; `None` where there is none.

    Raises `InvalidImage`.
    """
    match reference:
        case {"image_url": str(url)}:
            return from_data_url(url, f"{name}.image_url")
        case str(url) if url:
            return from_data_url(url, name)
    return None


def picture_in_field(text: str, name: str) -> bytes:
    """The picture in a form's field: a data URL, or a file that came without a name.

    Raises `InvalidImage`, naming the field.
    """
    try:
        content = text.encode("latin-1")
        content.decode()
    except UnicodeEncodeError:
        pass
    except UnicodeDecodeError:  # no text at all: the form's parser read bytes as if it were
        return content
    return from_data_url(text, name)


def from_data_url(url: str, name: str) -> bytes:
    """Raises `InvalidImage`, naming the field."""
    match = DATA_URL.match(url)
    if match is None:
        raise _of(name, InvalidImage("not_a_data_url", field=name))
    content = "".join(url[match.end() :].split()).rstrip("=")
    try:
        return base64.b64decode(content + "=" * (-len(content) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise _of(name, InvalidImage("not_base64")) from None


def _of(name: str, error: InvalidImage) -> InvalidImage:
    error.param = name.partition(".")[0]
    return error


def extra_of(end: bytes | None, keyframes: object) -> ExtraPictures:
    """`keyframes`: a list of {at: seconds, image: data URL}, or its JSON text in a form.

    Raises `InvalidImage`, `UnsupportedOption`.
    """
    if isinstance(keyframes, str):
        try:
            keyframes = json.loads(keyframes)
        except (ValueError, RecursionError):
            raise _no_keyframes() from None
    if not isinstance(keyframes, list | None):
        raise _no_keyframes()
    return ExtraPictures(end, tuple(_keyframe(one) for one in keyframes or ()))


def _keyframe(keyframe: Any) -> KeyframePicture:
    match keyframe:
        case {"at": int() | float() as at, "image": str(url), **others} if not others:
            if not isinstance(at, bool):
                return KeyframePicture(float(at), from_data_url(url, "keyframes.image"))
    raise _no_keyframes()


def _no_keyframes() -> UnsupportedOption:
    return UnsupportedOption("format", "keyframes")
