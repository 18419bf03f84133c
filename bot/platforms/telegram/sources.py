"""Which file of a message is its picture."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import telegram

PICTURE_NAME = re.compile(
    r"\.(jpe?g|jfif|png|webp|gif|bmp|tiff?|avif|heic|heif)$", re.IGNORECASE | re.ASCII
)
NAME_WITH_KIND = re.compile(r"\.[a-z0-9]{2,5}$", re.IGNORECASE | re.ASCII)
UNKNOWN_KINDS = (None, "", "application/octet-stream", "binary/octet-stream")


@dataclass(frozen=True, slots=True)
class Source:
    """`size` in bytes where Telegram tells it; `spoiler`: it was covered.

    `video` is the MP4 that this is the cover of: it may be a clip of ours.
    """

    file: str
    size: int
    spoiler: bool = False
    video: Source | None = None


def picture_of(held: telegram.Message | telegram.ExternalReplyInfo | None) -> Source | None:
    """The largest photo, an image sent as a file, a still sticker; of what moves, its cover."""
    source = _picture_of(held) if held is not None else None
    if held is None or source is None:
        return None
    return replace(source, spoiler=bool(held.has_media_spoiler))


def _picture_of(held: telegram.Message | telegram.ExternalReplyInfo) -> Source | None:
    if held.photo:
        return _source(held.photo[-1])
    if held.live_photo is not None and held.live_photo.photo:
        return _source(held.live_photo.photo[-1])
    if held.sticker is not None:
        return _of_sticker(held.sticker)
    if held.animation is not None:
        return _of_animation(held.animation)
    if held.video is not None:
        return _of_video(held.video)
    return _of_document(held.document) if held.document is not None else None


def _of_document(document: telegram.Document) -> Source | None:
    if document.mime_type == "video/mp4":
        whole = _source(document)
        cover = _source(document.thumbnail) if document.thumbnail is not None else whole
        return replace(cover, video=whole)
    return _source(document) if _may_be_a_picture(document) else None


def _may_be_a_picture(document: telegram.Document) -> bool:
    """By its kind, else by its name; without either its content will show it."""
    kind, name = document.mime_type, document.file_name or ""
    if kind not in UNKNOWN_KINDS:
        return str(kind).startswith("image/")
    return PICTURE_NAME.search(name) is not None or NAME_WITH_KIND.search(name) is None


def _of_sticker(sticker: telegram.Sticker) -> Source | None:
    if not (sticker.is_animated or sticker.is_video):
        return _source(sticker)
    return _source(sticker.thumbnail) if sticker.thumbnail is not None else None


def _of_animation(animation: telegram.Animation) -> Source | None:
    """Most are MP4s: what is known of those as a picture is their thumbnail."""
    if animation.mime_type is not None and animation.mime_type.startswith("image/"):
        return _source(animation)
    if animation.thumbnail is None:
        return None
    return replace(_source(animation.thumbnail), video=_source(animation))


def _of_video(video: telegram.Video) -> Source | None:
    cover = video.cover[-1] if video.cover else video.thumbnail
    if cover is None:
        return None
    return replace(_source(cover), video=_source(video))


def _source(
    file: telegram.PhotoSize
    | telegram.Document
    | telegram.Sticker
    | telegram.Animation
    | telegram.Video,
) -> Source:
    return Source(file.file_id, file.file_size or 0)
