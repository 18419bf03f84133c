"""What a message refers to: a picture it holds or answers, a clip of ours, a question of ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal, Self

import telegram
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.chat.buttons import Pressed, parse_button
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.people import PLATFORM
from bot.platforms.telegram.pictures import Source
from bot.submission.options import Options
from bot.submission.places import Places
from generation.store.message_references import ChatMessage, MessageReferences

PICTURE_NAME = re.compile(
    r"\.(jpe?g|jfif|png|webp|gif|bmp|tiff?|avif|heic|heif)$", re.IGNORECASE | re.ASCII
)
NAME_WITH_KIND = re.compile(r"\.[a-z0-9]{2,5}$", re.IGNORECASE | re.ASCII)
UNKNOWN_KINDS = (None, "", "application/octet-stream", "binary/octet-stream")


class PictureOf(BaseModel):
    """A picture, and the message that it stands in.

    `others` came with it as an album. `asked`: we asked about it, and showed what would be chosen.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["picture"] = "picture"
    file: str
    size: int
    message: int
    spoiler: bool = False
    others: tuple[PictureOf, ...] = ()
    asked: bool = False

    @classmethod
    def of(cls, source: Source, message: int) -> Self:
        return cls(file=source.file, size=source.size, message=message, spoiler=source.spoiler)

    @classmethod
    def of_all(cls, messages: Sequence[telegram.Message], *, asked: bool = False) -> Self | None:
        """The first picture of several messages; `None` where there is none."""
        found = [cls.of(source, one.id) for one in messages if (source := picture_of(one))]
        if not found:
            return None
        return found[0].model_copy(update={"others": tuple(found[1:]), "asked": asked})

    @property
    def source(self) -> Source:
        return Source(self.file, self.size, self.spoiler)


class OthersOf(BaseModel):
    """Our question what of an album shall be animated as well, and how; `user` may answer."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["others"] = "others"
    pictures: tuple[PictureOf, ...]
    options: Options
    user: str


class _OfClip(BaseModel):
    """`file` is how Telegram keeps the clip, where it stands in the message."""

    model_config = ConfigDict(frozen=True)

    job: str
    file: str | None = None
    size: int = 0

    @classmethod
    def within(cls, job: str, message: telegram.Message) -> Self:
        video = message.video
        if video is None:
            return cls(job=job)
        return cls(job=job, file=video.file_id, size=video.file_size or 0)


class ClipOf(_OfClip):
    """A clip of ours, or the message that said how it stood."""

    kind: Literal["clip"] = "clip"


class EditOf(_OfClip):
    """Our question how a clip should be instead."""

    kind: Literal["edit"] = "edit"


@dataclass(frozen=True, slots=True)
class Nothing:
    """Neither."""


@dataclass(frozen=True, slots=True)
class OursAndUnknown:
    """A message of ours of which nothing is known any more."""


Remembered = PictureOf | EditOf | OthersOf | ClipOf
Referent = Remembered | OursAndUnknown | Nothing
REMEMBERED: TypeAdapter[Remembered] = TypeAdapter(
    Annotated[PictureOf | EditOf | OthersOf | ClipOf, Field(discriminator="kind")]
)


class Resolver:
    """The one place that knows what people mean by what they answer."""

    def __init__(self, references: MessageReferences, places: Places) -> None:
        self._references = references
        self._places = places

    async def remember(
        self, message: telegram.Message, about: Remembered, *, user: str, is_open: bool = False
    ) -> None:
        """`is_open`: the next words in the chat are meant for it, though they answer nothing."""
        await self._references.remember(
            _at(message), about.model_dump_json(), user=user, is_open=is_open
        )

    async def answered(self, message: telegram.Message) -> Referent:
        """What a message is an answer to, in this chat or another."""
        answered = message.reply_to_message
        if answered is not None:
            known = await self.known(answered)
            if known is not None:
                return known
            if _is_by_us(answered):
                return OursAndUnknown()
            return _held(answered, answered.id)
        if message.external_reply is not None:
            return _held(message.external_reply, message.id)
        return Nothing()

    async def known(self, message: telegram.Message) -> Remembered | None:
        """What a message of ours is about: as remembered, by its buttons, or by its number."""
        about = await self._references.about(_at(message))
        if about is not None:
            return REMEMBERED.validate_json(about)
        if (job_id := _job_of_buttons(message)) is not None:
            return ClipOf.within(job_id, message)
        if not _may_be_by_us(message):
            return None
        for job in await self._references.jobs(_at(message)):
            address = Address.of(job)
            if address is not None and address.chat == message.chat_id:
                return ClipOf.within(job.id, message)
        return None

    async def is_ours(self, message: telegram.Message) -> bool:
        return _is_by_us(message) or await self.known(message) is not None

    async def open(self, words: telegram.Message) -> PictureOf | None:
        """The picture that words in a private chat are meant for."""
        about = await self._references.open(_at(words))
        found = REMEMBERED.validate_json(about) if about is not None else None
        return found if isinstance(found, PictureOf) else None

    async def has_asked(self, picture: telegram.Message, about: Remembered) -> bool:
        """Whether another message in the chat is about the same."""
        return await self._references.repeated(_at(picture), about.model_dump_json())

    async def use(self, words: telegram.Message) -> None:
        """The words for it have come, and became a request."""
        await self._references.use(_at(words))

    async def use_one(self, picture: int, panel: telegram.Message) -> None:
        """A tap on its panel began a clip of this picture."""
        where = ChatMessage(PLATFORM, panel.chat_id, picture)
        await self._references.use_one(where, panel.id)

    async def move(self, chat: int, to: int) -> None:
        await self._references.move(PLATFORM, chat, to)
        await self._places.move(f"{PLATFORM}:{chat}", f"{PLATFORM}:{to}")


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
    document = held.document
    return _source(document) if document is not None and _may_be_a_picture(document) else None


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
    return _source(animation.thumbnail) if animation.thumbnail is not None else None


def _of_video(video: telegram.Video) -> Source | None:
    if video.cover:
        return _source(video.cover[-1])
    return _source(video.thumbnail) if video.thumbnail is not None else None


def _source(
    file: telegram.PhotoSize | telegram.Document | telegram.Sticker | telegram.Animation,
) -> Source:
    return Source(file.file_id, file.file_size or 0)


def _held(held: telegram.Message | telegram.ExternalReplyInfo, message: int) -> PictureOf | Nothing:
    source = picture_of(held)
    if source is None:
        return Nothing()
    return PictureOf.of(source, message)


def _job_of_buttons(message: telegram.Message) -> str | None:
    """Only a bot has buttons of this form; somebody else's bot has no job of ours."""
    if message.reply_markup is None or not _may_be_by_us(message):
        return None
    for row in message.reply_markup.inline_keyboard:
        for button in row:
            pressed = parse_button(str(button.callback_data or ""))
            if isinstance(pressed, Pressed):
                return pressed.job_id
    return None


def _is_by_us(message: telegram.Message) -> bool:
    author = message.from_user
    return author is not None and author.id == message.get_bot().id


def _may_be_by_us(message: telegram.Message) -> bool:
    """In a channel nobody is a post's author."""
    return message.from_user is None or _is_by_us(message)


def _at(message: telegram.Message) -> ChatMessage:
    return ChatMessage(PLATFORM, message.chat_id, message.id)
