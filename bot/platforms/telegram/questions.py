"""What we ask about pictures: what shall be made of one, and of the others in its album."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
import telegram

from bot.chat.errors import UserError
from bot.chat.summaries import recipe_of_clip
from bot.platforms.telegram.album import OthersChosen, offered, others, parse_album
from bot.platforms.telegram.command_parsing import changed
from bot.platforms.telegram.edits import Edits
from bot.platforms.telegram.formatting import telegram_formatting
from bot.platforms.telegram.panel import (
    PanelBegun,
    PanelChoice,
    PanelTurned,
    PanelView,
    panel,
    parse_panel,
)
from bot.platforms.telegram.people import People
from bot.platforms.telegram.references import OthersOf, PictureOf, Resolver
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import MessageSubmission
from bot.submission.options import Options
from bot.submission.person import Person
from generation.errors import Rejected
from generation.store.database import Unwritable
from generation.store.last_choices import LastChoices

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request by its `key`, and the message or press `by` which it came this time."""

    key: str
    by: str


class Questions:
    """`edits` are the questions about clips."""

    def __init__(
        self,
        submission: MessageSubmission,
        replies: Replies,
        resolver: Resolver,
        last_choices: LastChoices,
        edits: Edits,
        people: People,
    ) -> None:
        self._submission = submission
        self._replies = replies
        self._resolver = resolver
        self._last_choices = last_choices
        self.edits = edits
        self._people = people

    async def ask(self, message: telegram.Message, person: Person, about: PictureOf) -> None:
        """What should happen with a bare picture; words that follow are meant for it.

        A clip of ours is shown with its recipe, and made again as it was where nothing is said.
        """
        user = person.requester.user
        recipe = (
            None if about.video is None else await self._submission.recipe(message, person, about)
        )
        if recipe is not None:
            about = about.model_copy(update={"asked": False})
        await self._resolver.remember(message, about, user=user, is_open=True)
        if await self._resolver.has_asked(message, about):  # and we ended before that was noted
            return
        catalogue = self._replies.catalogue(person.locale)
        question, choice = catalogue.say("telegram.wish.question"), PanelChoice()
        if recipe is None:
            choice = await self._last(person)
        else:
            told = recipe_of_clip(catalogue, telegram_formatting(catalogue), recipe)
            question = f"{told}\n\n{question}"
        markup = panel(PanelView.ALL, choice, catalogue)
        asked = await self._replies.say(message, person, question, markup)
        if asked is not None:
            await self._resolver.remember(asked, about, user=user)

    async def wanted(self, picture: PictureOf, person: Person, text: str) -> Options:
        """What words ask for; where a panel stands with the picture, with what it shows.

        Raises `UserError`.
        """
        options = self._submission.options(text, person)
        if not picture.asked:
            return options.options
        return changed(self._submission.chosen(await self._last(person)), options)

    async def animate(
        self, message: telegram.Message, person: Person, picture: PictureOf, options: Options
    ) -> None:
        """A clip in answer to a message, then the question about the others in the album."""
        await self._submission.animate(message, person, picture, options)
        await self._resolver.use(message)
        asked = _Asked(f"{message.chat_id}:{message.id}", str(message.id))
        await self._offer_others(message, person, picture, options, asked)

    async def press(self, query: telegram.CallbackQuery, message: telegram.Message) -> bool:
        """False where the button is none of these; raises `UserError` and `Rejected` kinds."""
        person, data = await self._people.of_press(query), query.data or ""
        match parse_panel(data) or parse_album(data, offered(message.reply_markup)):
            case PanelTurned(view, choice):
                await self._remember(person, choice)
                markup = panel(view, choice, self._replies.catalogue(person.locale))
                await self._replies.turn(message, markup)
            case PanelBegun(choice):
                await self._begin(message, person, choice, query.id)
            case OthersChosen() as chosen:
                await self._animate_others(query, message, chosen)
            case None:
                return False
        return True

    async def _begin(
        self, message: telegram.Message, person: Person, choice: PanelChoice, press: str
    ) -> None:
        """`message` is the panel, which goes."""
        picture = await self._picture_of(message)
        if picture is None:
            raise self._gone(person)
        await self._remember(person, choice)
        options, key = self._submission.chosen(choice), f"{message.chat_id}:{picture.message}"
        answered = _message_at(message, picture.message)
        await self._submission.animate(answered, person, picture, options, key=key)
        await self._resolver.use_one(picture.message, message)
        await self._offer_others(answered, person, picture, options, _Asked(key, press))
        await self._replies.remove(message)

    async def _picture_of(self, panel: telegram.Message) -> PictureOf | None:
        """What it is about; by what it answers where that was not yet written down."""
        answered = panel.reply_to_message
        for message in (panel, answered):
            known = await self._resolver.known(message) if message is not None else None
            if isinstance(known, PictureOf):
                return known
        return PictureOf.of_all([answered]) if answered is not None else None

    async def _offer_others(
        self,
        message: telegram.Message,
        person: Person,
        picture: PictureOf,
        options: Options,
        asked: _Asked,
    ) -> None:
        """Once for a request, however often its button is tapped."""
        if not picture.others:
            return
        user, chat = person.requester.user, message.chat_id
        about = OthersOf(pictures=picture.others, options=options, user=user, by=asked.by)
        about = await self._resolver.intend_others(chat, picture.message, asked.key, about)
        if about.by != asked.by:
            return
        catalogue = self._replies.catalogue(person.locale)
        count = len(picture.others) + 1
        markup = others(range(2, count + 1), picture.message, catalogue)
        question = catalogue.say("telegram.album.question", count=count)
        sent = await self._replies.say(message, person, question, markup)
        if sent is not None:
            await self._resolver.remember(sent, about, user=user)

    async def _animate_others(
        self, query: telegram.CallbackQuery, message: telegram.Message, chosen: OthersChosen
    ) -> None:
        """An ordinary request for each; its button goes, and with the last the question."""
        album = await self._resolver.others(message, chosen.picture)
        if album is None:
            raise self._gone(await self._people.of_press(query))
        person = await self._people.acting_for(query, album.user)
        left = set(offered(message.reply_markup)) if chosen.numbers else set[int]()
        try:
            for number in sorted(chosen.numbers):
                await self._animate_one(message, person, album, number)
                left.discard(number)
        except (Rejected, UserError):
            if len(chosen.numbers) > 1:
                await self._show_left(message, person, left, chosen.picture)
            raise
        await self._show_left(message, person, left, chosen.picture)

    async def _animate_one(
        self, message: telegram.Message, person: Person, album: OthersOf, number: int
    ) -> None:
        picture = album.pictures[number - 2]
        answered = _message_at(message, picture.message)
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

    async def _last(self, person: Person) -> PanelChoice:
        stored = await self._last_choices.of(person.requester)
        return (PanelChoice.read(stored) if stored is not None else None) or PanelChoice()

    async def _remember(self, person: Person, choice: PanelChoice) -> None:
        try:
            await self._last_choices.remember(person.requester, str(choice))
        except Unwritable as error:  # it stands on the buttons all the same
            log.warning("choice_unrecorded", reason=str(error))

    def _gone(self, person: Person) -> UserError:
        catalogue = self._replies.catalogue(person.locale)
        return UserError(catalogue.say("telegram.answer.picture_gone"))


def _message_at(beside: telegram.Message, number: int) -> telegram.Message:
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
