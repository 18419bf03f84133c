"""What shall become of an album: the question, and what is made when it is answered."""

from __future__ import annotations

from dataclasses import dataclass

import telegram

from bot.chat.errors import UserError
from bot.platforms.telegram.album import OthersChosen, offered, others
from bot.platforms.telegram.people import People
from bot.platforms.telegram.references import OthersOf, PictureOf, Resolver
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import MessageSubmission
from bot.submission.options import Options
from bot.submission.person import Person
from generation.errors import Rejected
from generation.media.joining.film import FilmStyle


@dataclass(frozen=True, slots=True)
class AskedBy:
    """A request by its `key`, and the message or press `by` which it came this time."""

    key: str
    by: str


class AlbumQuestions:
    def __init__(
        self, submission: MessageSubmission, replies: Replies, resolver: Resolver, people: People
    ) -> None:
        self._submission = submission
        self._replies = replies
        self._resolver = resolver
        self._people = people

    async def ask(
        self,
        message: telegram.Message,
        person: Person,
        album: PictureOf,
        options: Options,
        asked: AskedBy,
    ) -> None:
        """Once for a request, however often its button is tapped; raises `Rejected` kinds."""
        self._submission.check(options)
        user, chat = person.requester.user, message.chat_id
        about = OthersOf(
            pictures=album.others,
            options=options,
            user=user,
            by=asked.by,
            first=album.with_others(()),
        )
        about = await self._resolver.intend_others(chat, album.message, asked.key, about)
        if about.by != asked.by:
            return
        catalogue, count = self._replies.catalogue(person.locale), len(album.all)
        markup = others(range(2, count + 1), album.message, catalogue)
        question = catalogue.say("telegram.album.question", count=count)
        if options.variations > 1:  # which a film has not
            told = await self._submission.told_of_each(person, count * options.variations)
        else:
            told = await self._submission.told(person, count)
        sent = await self._replies.say(message, person, f"{question}\n{told}".strip(), markup)
        if sent is not None:
            await self._resolver.remember(sent, about, user=user)

    async def press(
        self, query: telegram.CallbackQuery, message: telegram.Message, chosen: OthersChosen
    ) -> None:
        """The film, or an ordinary request for each; with the last the question goes."""
        album = await self._resolver.others(message, chosen.picture)
        if album is None or (chosen.film and album.whole is None):
            raise self._gone(await self._people.of_press(query))
        person = await self._people.acting_for(query, album.user)
        if chosen.film:
            await self._film(message, person, album)
            await self._replies.remove(message)
            return
        left = set(offered(message.reply_markup)) if chosen.numbers != {1} else set[int]()
        try:
            for number in sorted(chosen.numbers):
                await self._animate_one(message, person, album, number)
                left.discard(number)
        except (Rejected, UserError):
            if len(chosen.numbers) > 1:
                await self._show_left(message, person, left, chosen.picture)
            raise
        await self._show_left(message, person, left, chosen.picture)

    async def _film(self, message: telegram.Message, person: Person, album: OthersOf) -> None:
        assert album.whole is not None
        scenes = [(album.options, picture) for picture in album.whole.all]
        first = album.whole.message
        key = f"film:{message.chat_id}:{first}:{album.by}"
        answered = message_at(message, first)
        await self._submission.film(answered, person, scenes, FilmStyle(), key=key)

    async def _animate_one(
        self, message: telegram.Message, person: Person, album: OthersOf, number: int
    ) -> None:
        picture = album.first if number == 1 else album.pictures[number - 2]
        if picture is None:  # an older version had begun with it
            return
        answered = message_at(message, picture.message)
        key = f"album:{message.chat_id}:{picture.message}:{album.by}"
        await self._submission.animate(answered, person, picture, album.options, key=key)

    async def _show_left(
        self, message: telegram.Message, person: Person, left: set[int], picture: int | None
    ) -> None:
        if left:
            markup = others(left, picture, self._replies.catalogue(person.locale))
            await self._replies.turn(message, markup)
        else:
            await self._replies.remove(message)

    def _gone(self, person: Person) -> UserError:
        catalogue = self._replies.catalogue(person.locale)
        return UserError(catalogue.say("telegram.answer.picture_gone"))


def message_at(beside: telegram.Message, number: int) -> telegram.Message:
    """Another message of the same chat and topic, as far as answering it needs it."""
    message = telegram.Message(
        number,
        beside.date,
        beside.chat,
        message_thread_id=beside.message_thread_id,
        is_topic_message=beside.is_topic_message,
    )
    message.set_bot(beside.get_bot())
    return message
