"""Where the picture of a message, a person or an option is, and how its bytes are fetched."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import discord

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.submission.fetching import NotFetched, Open, Patience, fetched, over_http
from bot.submission.options import NO_EXTRA_PICTURES, ExtraPictures
from bot.submission.uploads import IncomingUpload
from generation.errors import InvalidImage
from generation.images.limits import MAX_BYTES
from generation.images.limits import MIN_SIDE as LEAST
from generation.images.refusals import Refusal
from generation.images.refusals import check_size as check_shape

NAMES = re.compile(r"\.(jpe?g|jfif|png|webp|gif|bmp|tiff?|avif|heic|heif)$", re.IGNORECASE)
"""What a file is called that Discord has no content type for, as with HEIC."""

CLIP = "video/mp4"
"""What may be a clip of ours, which is made again by its recipe."""

HOSTS = re.compile(r"(cdn|media|images-ext-\d+)\.discordapp\.(com|net)", re.ASCII)
"""Discord's own: an embed's picture may be anybody's address, also one inside our network."""

COVERED = "SPOILER_"
"""How the name of a file begins that is covered."""

PATIENCE = Patience(limit=25.0)
"""Whoever waits for a picture that never comes is told so within half a minute."""

AVATAR = 1024
"""Pixels: a power of two, as Discord's addresses want it, and more than a clip has."""


@dataclass(frozen=True, slots=True)
class Source:
    """A picture at `url`; `size` in bytes, `width` and `height` where Discord tells them.

    `spoiler`: it is covered.
    """

    url: str
    name: str
    size: int = 0
    width: int = 0
    height: int = 0
    spoiler: bool = False


def of_attachment(file: discord.Attachment) -> Source:
    width, height = file.width or 0, file.height or 0
    return Source(file.url, file.filename, file.size, width, height, file.is_spoiler())


def of_upload(file: Mapping[str, Any], catalogue: Catalogue) -> Source:
    """A file as a form brings it; raises `UserError` or `InvalidImage` as `check` does."""
    name = str(file["filename"])
    if not _is_picture(file.get("content_type"), name):
        raise UserError(catalogue.say("discord.answer.not_a_picture"))
    size, width, height = (int(file.get(one) or 0) for one in ("size", "width", "height"))
    source = Source(file["url"], name, size, width, height, spoiler=name.startswith(COVERED))
    check_source(source, catalogue)
    return source


def of_person(person: discord.User | discord.Member) -> Source:
    avatar = person.display_avatar.replace(size=AVATAR, static_format="png")
    return Source(avatar.url, person.name)


def of_message(message: discord.Message) -> list[Source]:
    """Every picture that a message, or one it passes on, shows: first what was attached."""
    found = list(_shown(message))
    for passed_on in message.message_snapshots:
        found += _shown(passed_on)
    return list({source.url.partition("?")[0]: source for source in reversed(found)}.values())[::-1]


def fitting(message: discord.Message, catalogue: Catalogue) -> list[Source]:
    """What it shows and is not refused anyway.

    Raises `UserError` where there is no picture, and where none fits what is said of the first.
    """
    sources = of_message(message)
    if not sources and _is_drawing(message):
        raise UserError(catalogue.say("discord.answer.drawn_sticker"))
    if not sources:
        raise UserError(catalogue.say("discord.answer.no_picture"))
    found = [source for source in sources if _fits(source)]
    if not found:
        check_source(sources[0], catalogue)
    return found


def check_source(source: Source, catalogue: Catalogue) -> None:
    """Raises `UserError` or `InvalidImage` for what needs no fetching to be refused."""
    check_size(source.size, catalogue)
    if source.width and source.height:
        try:
            check_shape(source.width, source.height)
        except Refusal as error:
            raise InvalidImage(error.refused.reason, **error.refused.facts) from None


def _fits(source: Source) -> bool:
    if source.size > MAX_BYTES:
        return False
    try:
        check_shape(source.width or LEAST, source.height or LEAST)
    except Refusal:
        return False
    return True


def is_picture(file: discord.Attachment) -> bool:
    """By what Discord says it is; what it really is only the decoder finds out."""
    return _is_picture(file.content_type, file.filename)


def _is_picture(kind: str | None, name: str) -> bool:
    return (kind or "").startswith("image/") or NAMES.search(name) is not None


def may_be_clip(file: discord.Attachment) -> bool:
    """Whether it is to be fetched to see if we made it."""
    return (file.content_type or "").partition(";")[0] == CLIP


def check(file: discord.Attachment, catalogue: Catalogue, *, clips: bool = False) -> None:
    """Raises `UserError` or `InvalidImage` for a file that needs no fetching to be refused.

    `clips`: one of ours is taken, too.
    """
    if clips and may_be_clip(file):
        check_size(file.size, catalogue)
        return
    if not is_picture(file):
        raise UserError(catalogue.say("discord.answer.not_a_picture"))
    check_source(of_attachment(file), catalogue)


def check_size(size: int, catalogue: Catalogue) -> None:
    """Raises `UserError`."""
    if size > MAX_BYTES:
        megabytes, most = size / 1e6, MAX_BYTES // 10**6
        raise UserError(catalogue.say("chat.picture.too_large", size=megabytes, most=most))


@dataclass(frozen=True, slots=True)
class Fetching:
    """`open_address` begins to fetch; `patience` is for all pictures of a request together."""

    open_address: Open = over_http
    patience: Patience = PATIENCE

    async def all(
        self, picture: Source, end: Source | None, upload: IncomingUpload, catalogue: Catalogue
    ) -> tuple[Path, ExtraPictures]:
        """The bytes, as they are; raises `Rejected` kinds, `UserError` where they cannot be had."""
        time = asyncio.get_running_loop().time
        due = time() + self.patience.limit
        first = await self._one(picture, upload, catalogue, self.patience.limit)
        if end is None:
            return first, NO_EXTRA_PICTURES
        last = await self._one(end, upload, catalogue, due - time())
        return first, ExtraPictures(end=last)

    async def each(
        self, sources: Sequence[Source | None], upload: IncomingUpload, catalogue: Catalogue
    ) -> list[Path | None]:
        """One after the other, each in its own time; raises as `all` does."""
        limit = self.patience.limit
        return [
            None if source is None else await self._one(source, upload, catalogue, limit)
            for source in sources
        ]

    async def _one(
        self, source: Source, upload: IncomingUpload, catalogue: Catalogue, left: float
    ) -> Path:
        check_size(source.size, catalogue)
        patience = replace(self.patience, limit=left)
        try:
            return await fetched(lambda: self.open_address(source.url), upload, patience)
        except NotFetched:
            raise UserError(catalogue.say("discord.answer.not_fetched")) from None


USUAL_FETCHING = Fetching()


def _shown(message: discord.Message | discord.MessageSnapshot) -> Iterator[Source]:
    yield from (of_attachment(file) for file in message.attachments if is_picture(file))
    for embed in message.embeds:
        for picture in (embed.image, embed.thumbnail):
            if picture.proxy_url is not None and is_ours(picture.proxy_url):
                yield Source(picture.proxy_url, embed.title or "")
                break
    yield from _displayed(message.components)
    for sticker in _stickers(message):
        if sticker.format is not discord.StickerFormatType.lottie:
            yield Source(sticker.url, sticker.name)
    for file in message.attachments:
        if may_be_clip(file):  # its sides are its own affair
            yield Source(file.url, file.filename, file.size, spoiler=file.is_spoiler())


def _displayed(
    components: Iterable[discord.Component], *, spoiler: bool = False
) -> Iterator[Source]:
    """What stands in a message that is laid out by components; `spoiler`: all of it is covered."""
    for one in components:
        if isinstance(one, discord.MediaGalleryComponent):
            for item in one.items:
                yield from _media(item.media, spoiler=spoiler or item.spoiler)
        elif isinstance(one, discord.ThumbnailComponent):
            yield from _media(one.media, spoiler=spoiler or one.spoiler)
        elif isinstance(one, discord.FileComponent):
            yield from _media(one.media, size=one.size or 0, spoiler=spoiler or one.spoiler)
        elif isinstance(one, discord.SectionComponent):
            yield from _displayed([one.accessory], spoiler=spoiler)
        elif isinstance(one, discord.Container):
            yield from _displayed(one.children, spoiler=spoiler or one.spoiler)


def _media(item: discord.UnfurledMediaItem, *, size: int = 0, spoiler: bool) -> Iterator[Source]:
    url = next((url for url in (item.url, item.proxy_url) if url and is_ours(url)), None)
    name = PurePosixPath(urlsplit(item.url).path).name
    kind = item.content_type
    if url and (kind.startswith("image/") if kind else NAMES.search(name)):
        covered = spoiler or name.startswith(COVERED)
        yield Source(url, name, size, item.width or 0, item.height or 0, covered)


def _stickers(message: Any) -> list[discord.StickerItem]:
    return list(message.stickers)


def shows_any(message: discord.Message) -> bool:
    """Whether there is something to be taken, or to be refused as no picture."""
    return bool(of_message(message)) or _is_drawing(message)


def _is_drawing(message: discord.Message) -> bool:
    """Whether it has a sticker that is drawn anew on every screen, and is no picture."""
    lottie = discord.StickerFormatType.lottie
    return any(sticker.format is lottie for sticker in _stickers(message))


def is_ours(url: str) -> bool:
    """Whether an address leads to Discord and nowhere else."""
    parts = urlsplit(url)
    return parts.scheme == "https" and HOSTS.fullmatch(parts.hostname or "") is not None
