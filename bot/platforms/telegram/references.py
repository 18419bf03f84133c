"""What a message refers to: a picture it holds or answers, a clip of ours, a question of ours."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import telegram
from pydantic import BaseModel, ConfigDict, Field

from bot.chat.buttons import Pressed, parse_button
from bot.platforms.telegram.address import Address
from bot.platforms.telegram.people import PLATFORM
from bot.platforms.telegram.sources import Source, picture_of
from bot.submission.options import Options
from bot.submission.places import Places
from generation.adapter import Adapter
from generation.store.intended_questions import IntendedQuestions, Question
from generation.store.message_references import ChatMessage, MessageReferences

EDIT, OTHERS = "edit:", "album:"
"""How a question is recognised whose number nobody told us: by its words, by its picture."""


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
    video: Source | None = None

    @classmethod
    def of(cls, source: Source, message: int) -> Self:
        return cls(
            file=source.file,
            size=source.size,
            message=message,
            spoiler=source.spoiler,
            video=source.video,
        )

    @classmethod
    def of_all(cls, messages: Sequence[telegram.Message], *, asked: bool = False) -> Self | None:
        """The first picture of several messages; `None` where there is none."""
        found = [cls.of(source, one.id) for one in messages if (source := picture_of(one))]
        if not found:
            return None
        return found[0].model_copy(update={"others": tuple(found[1:]), "asked": asked})

    def with_others(self, others: Sequence[PictureOf]) -> PictureOf:
        return self.model_copy(update={"others": tuple(others)})

    @property
    def all(self) -> tuple[PictureOf, ...]:
        """It and the others, each alone."""
        return (self.with_others(()), *self.others)

    @property
    def source(self) -> Source:
        return Source(self.file, self.size, self.spoiler, self.video)


class OthersOf(BaseModel):
    """Our question what shall become of an album, and how; `user` may answer.

    `by` is the message or press for which it was asked. `first` is what stands before `pictures`;
    older versions had made a clip of it before they asked.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["others"] = "others"
    pictures: tuple[PictureOf, ...]
    options: Options
    user: str
    by: str = ""
    first: PictureOf | None = None

    @property
    def whole(self) -> PictureOf | None:
        """All of the album, where that is known."""
        return None if self.first is None else self.first.with_others(self.pictures)


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
REMEMBERED: Adapter[Remembered] = Adapter(
    Annotated[PictureOf | EditOf | OthersOf | ClipOf, Field(discriminator="kind")]
)


class Resolver:
    """The one place that knows what people mean by what they answer."""

    def __init__(
        self, references: MessageReferences, questions: IntendedQuestions, places: Places
    ) -> None:
        self._references = references
        self._questions = questions
        self._places = places

    async def remember(
        self, message: telegram.Message, about: Remembered, *, user: str, is_open: bool = False
    ) -> None:
        """`is_open`: the next words in the chat are meant for it, though they answer nothing."""
        await self._references.remember(
            _at(message), about.model_dump_json(), user=user, is_open=is_open
        )

    async def intend_edit(self, chat: int, words: str, about: EditOf, *, user: str) -> None:
        """A question that is about to be sent with these words: should nobody tell its number."""
        await self._questions.put(_of_edit(chat, words, about), about.model_dump_json(), user=user)

    async def remember_edit(self, asked: telegram.Message, about: EditOf, *, user: str) -> None:
        await self.remember(asked, about, user=user)
        await self._questions.drop(_of_edit(asked.chat_id, asked.text or "", about))

    async def intend_others(self, chat: int, picture: int, key: str, about: OthersOf) -> OthersOf:
        """The question about the others of a picture's album, as a request first asked it."""
        question = Question(PLATFORM, chat, f"{OTHERS}{picture}", key)
        return OthersOf.model_validate_json(
            await self._questions.put(question, about.model_dump_json(), user=about.user)
        )

    async def others(self, question: telegram.Message, picture: int | None) -> OthersOf | None:
        """What its buttons choose from: by its number, else by the picture they name."""
        known = await self.known(question)
        if isinstance(known, OthersOf) or picture is None:
            return known if isinstance(known, OthersOf) else None
        found = await self._questions.all(PLATFORM, question.chat_id, f"{OTHERS}{picture}")
        return OthersOf.model_validate_json(found[0]) if found else None

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
        """What a message is about: as remembered, by its buttons, its words or its number.

        In a group only ours are: others may have the numbers that ours had before it moved.
        """
        if message.chat_id < 0 and not _may_be_by_us(message):
            return None
        written_at = message.date.timestamp()
        about = await self._references.about(_at(message), written_at=written_at)
        if about is not None:
            return REMEMBERED.validate_json(about)
        if not _may_be_by_us(message):
            return None
        if (job_id := _job_of_buttons(message)) is not None:
            return ClipOf.within(job_id, message)
        if (edit := await self._intended_edit(message)) is not None:
            return edit
        for job in await self._references.jobs(_at(message)):
            address = Address.of(job)
            if address is not None and address.chat == message.chat_id:
                return ClipOf.within(job.id, message)
        return None

    async def _intended_edit(self, message: telegram.Message) -> EditOf | None:
        """One whose number nobody told us; of several with the same words it could be any."""
        if not message.text:
            return None
        asked = _edit_asked(message.text)
        found = await self._questions.all(PLATFORM, message.chat_id, asked)
        return EditOf.model_validate_json(found[0]) if len(found) == 1 else None

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


def _held(held: telegram.Message | telegram.ExternalReplyInfo, message: int) -> PictureOf | Nothing:
    source = picture_of(held)
    if source is None:
        return Nothing()
    return PictureOf.of(source, message)


def _job_of_buttons(message: telegram.Message) -> str | None:
    """Only a bot has buttons of this form; somebody else's bot has no job of ours."""
    if message.reply_markup is None:
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


def _of_edit(chat: int, words: str, about: EditOf) -> Question:
    return Question(PLATFORM, chat, _edit_asked(words), about.job)


def _edit_asked(words: str) -> str:
    """What of a question survives however Telegram shows it, and tells nothing of a prompt."""
    plain = "".join(one for one in words if one.isalnum())
    return f"{EDIT}{hashlib.sha256(plain.encode()).hexdigest()}"
