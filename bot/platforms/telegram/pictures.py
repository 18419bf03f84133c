"""Where the picture of a message is, and how its bytes are fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import telegram
from telegram.error import BadRequest, TelegramError

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from generation.images.limits import MAX_BYTES

CLOUD = 20_000_000
"""Bytes of a file that the cloud's Bot API hands to a bot (getFile); a local server has none."""


@dataclass(frozen=True, slots=True)
class Source:
    """`size` in bytes where Telegram tells it."""

    file: str
    size: int


def of_message(message: telegram.Message | None) -> Source | None:
    """The largest photo, an image sent as a file, a still sticker, or a clip's poster."""
    if message is None:
        return None
    if message.photo:
        return _source(message.photo[-1])
    document = message.document
    if document is not None and (document.mime_type or "").startswith("image/"):
        return _source(document)
    sticker = message.sticker
    if sticker is not None and not (sticker.is_animated or sticker.is_video):
        return _source(sticker)
    for moving in (message.video, message.animation, message.sticker, document):
        if moving is not None and moving.thumbnail is not None:
            return _source(moving.thumbnail)
    return None


async def fetch(
    bot: telegram.Bot, source: Source, catalogue: Catalogue, *, local: bool
) -> bytes | Path:
    """The bytes as they are, or the file of a local server; raises `UserError`."""
    most = MAX_BYTES if local else min(CLOUD, MAX_BYTES)
    if source.size > most:
        size = f"{source.size / 1e6:.1f}"
        raise UserError(catalogue.say("chat.picture.too_large", size=size, most=most // 10**6))
    try:
        file = await bot.get_file(source.file)
        if local and file.file_path is not None and Path(file.file_path).is_file():
            return Path(file.file_path)
        return bytes(await file.download_as_bytearray())
    except BadRequest as error:
        if "too big" in error.message:
            sentence = catalogue.say("chat.picture.too_large", size="20", most=most // 10**6)
            raise UserError(sentence) from None
        raise UserError(catalogue.say("telegram.answer.not_fetched")) from None
    except TelegramError:
        raise UserError(catalogue.say("telegram.answer.not_fetched")) from None


def _source(
    file: telegram.PhotoSize | telegram.Document | telegram.Sticker,
) -> Source:
    return Source(file.file_id, file.file_size or 0)
