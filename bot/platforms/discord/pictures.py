"""Where the picture of a message, a person or an option is, and how its bytes are fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import discord

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.submission.fetching import NotFetched, Open, fetched
from bot.submission.uploads import IncomingUpload
from generation.images.limits import MAX_BYTES

NAMES = re.compile(r"\.(jpe?g|jfif|png|webp|gif|bmp|tiff?|avif|heic|heif)$", re.IGNORECASE)
"""What a file is called that Discord has no content type for, as with HEIC."""

HOSTS = re.compile(r"(cdn|media|images-ext-\d+)\.discordapp\.(com|net)", re.ASCII)
"""Discord's own: an embed's picture may be anybody's address, also one inside our network."""

AVATAR = 1024
"""Pixels: a power of two, as Discord's addresses want it, and more than a clip has."""


@dataclass(frozen=True, slots=True)
class Source:
    """A picture at `url`; `size` in bytes where Discord tells it."""

    url: str
    name: str
    size: int = 0


def of_attachment(file: discord.Attachment) -> Source:
    return Source(file.url, file.filename, file.size)


def of_person(person: discord.User | discord.Member) -> Source:
    avatar = person.display_avatar.replace(size=AVATAR, static_format="png")
    return Source(avatar.url, person.name)


def of_message(message: discord.Message) -> list[Source]:
    """Every picture that a message, or one it passes on, shows: first what was attached."""
    found = list(_shown(message))
    for passed_on in message.message_snapshots:
        found += _shown(passed_on)
    return found


def is_picture(file: discord.Attachment) -> bool:
    """By what Discord says it is; what it really is only the decoder finds out."""
    kind = file.content_type or ""
    return kind.startswith("image/") or NAMES.search(file.filename) is not None


def check(file: discord.Attachment, catalogue: Catalogue) -> None:
    """Raises `UserError` for a file that needs no fetching to be refused."""
    if not is_picture(file):
        raise UserError(catalogue.say("discord.answer.not_a_picture"))
    check_size(file.size, catalogue)


def check_size(size: int, catalogue: Catalogue) -> None:
    """Raises `UserError`."""
    if size > MAX_BYTES:
        said, most = f"{size / 1e6:.1f}", MAX_BYTES // 10**6
        raise UserError(catalogue.say("chat.picture.too_large", size=said, most=most))


async def fetch(
    download: Open, source: Source, upload: IncomingUpload, catalogue: Catalogue
) -> Path:
    """The bytes, as they are; raises `Rejected` kinds, `UserError` where they cannot be had."""
    check_size(source.size, catalogue)
    try:
        return await fetched(lambda: download(source.url), upload)
    except NotFetched:
        raise UserError(catalogue.say("discord.answer.not_fetched")) from None


def _shown(message: discord.Message | discord.MessageSnapshot) -> Iterator[Source]:
    yield from (of_attachment(file) for file in message.attachments if is_picture(file))
    for embed in message.embeds:
        for picture in (embed.image, embed.thumbnail):
            if picture.proxy_url is not None and is_ours(picture.proxy_url):
                yield Source(picture.proxy_url, embed.title or "")
                break
    for sticker in _stickers(message):
        if sticker.format in (discord.StickerFormatType.png, discord.StickerFormatType.apng):
            yield Source(sticker.url, sticker.name)


def _stickers(message: Any) -> list[discord.StickerItem]:
    return list(message.stickers)


def is_ours(url: str) -> bool:
    """Whether an address leads to Discord and nowhere else."""
    parts = urlsplit(url)
    return parts.scheme == "https" and HOSTS.fullmatch(parts.hostname or "") is not None
