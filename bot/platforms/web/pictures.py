"""The pictures in a request's body: files of a form, or data URLs; no other URL is fetched."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from bot.submission.options import ExtraPictures, KeyframePicture
from generation.errors import InvalidImage, UnsupportedOption

DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,", re.ASCII)

REFERENCES = ("input_reference", "end_reference")
"""Fields that hold a picture: a file in a form, `{"image_url": …}` in JSON."""


def picture_of(reference: object, name: str) -> bytes | None:
    """The picture that JSON carries under `name`; `None` where there is none.

    Raises `InvalidImage`.
    """
    url = reference.get("image_url") if isinstance(reference, dict) else None
    return from_data_url(url, f"{name}.image_url") if isinstance(url, str) else None


def from_data_url(url: str, name: str) -> bytes:
    """Raises `InvalidImage`, naming the field."""
    match = DATA_URL.match(url)
    if match is None:
        raise InvalidImage("not_a_data_url", field=name)
    try:
        return base64.b64decode(url[match.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise InvalidImage("not_base64") from None


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
