"""What we ask about pictures: what shall be made of one, or of an album."""

from __future__ import annotations

import structlog
import telegram

from bot.chat.errors import UserError
from bot.chat.film_recipe import film_recipe_of_file
from bot.chat.summaries import recipe_of_clip
from bot.platforms.telegram.album import OthersChosen, offered, parse_album
from bot.platforms.telegram.album_questions import AlbumQuestions, AskedBy, message_at
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
from bot.platforms.telegram.references import PictureOf, Resolver
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import MessageSubmission
from bot.submission.options import Options
from bot.submission.person import Person
from generation.store.database import Unwritable
from generation.store.last_choices import LastChoices

log = structlog.get_logger(__name__)


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
        self._albums = AlbumQuestions(submission, replies, resolver, people)

    async def ask(self, message: telegram.Message, person: Person, about: PictureOf) -> None:
        """What should happen with a bare picture; words that follow are meant for it.

        A clip of ours is shown with its recipe, and made again as it was where nothing is said.
        """
        user = person.requester.user
        recipe = (
            None if about.video is None else await self._submission.recipe(message, person, about)
        )
        if isinstance(recipe, tuple):
            catalogue = self._replies.catalogue(person.locale)
            told = film_recipe_of_file(catalogue, telegram_formatting(catalogue), recipe)
            await self._replies.say(message, person, told)
            return
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
        """A clip in answer to a message; of an album it is asked first what it shall become."""
        if picture.others:
            asked = AskedBy(f"{message.chat_id}:{message.id}", str(message.id))
            await self._albums.ask(message, person, picture, options, asked)
        else:
            await self._submission.animate(message, person, picture, options)
        await self._resolver.use(message)

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
                await self._albums.press(query, message, chosen)
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
        answered = message_at(message, picture.message)
        if picture.others:
            await self._albums.ask(answered, person, picture, options, AskedBy(key, press))
        else:
            await self._submission.animate(answered, person, picture, options, key=key)
        await self._resolver.use_one(picture.message, message)
        await self._replies.remove(message)

    async def _picture_of(self, panel: telegram.Message) -> PictureOf | None:
        """What it is about; by what it answers where that was not yet written down."""
        answered = panel.reply_to_message
        for message in (panel, answered):
            known = await self._resolver.known(message) if message is not None else None
            if isinstance(known, PictureOf):
                return known
        return PictureOf.of_all([answered]) if answered is not None else None

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
