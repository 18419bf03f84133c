"""What happens when a button is pressed, today or in years: whatever it needs is in its data."""

from __future__ import annotations

import re

import structlog
import telegram
from telegram.constants import CallbackQueryLimit, ChatType, MessageLimit
from telegram.error import TelegramError

from bot.chat.buttons import Outdated, Pressed, Verb, parse_button
from bot.chat.clip_list import chosen
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError, errors_said_to
from bot.delivery.sending import Sent
from bot.language.wording import fitted, outdated
from bot.platforms.telegram.commands import Commands
from bot.platforms.telegram.confirmations import ANSWER
from bot.platforms.telegram.formatting import cut, measure, telegram_formatting
from bot.platforms.telegram.keyboards import PAGE, choices, parse_suggestion, suggestions
from bot.platforms.telegram.people import People, locale_of
from bot.platforms.telegram.references import EditOf, PictureOf, Resolver, picture_of
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import MessageSubmission, address_of
from bot.platforms.telegram.transport import TelegramTransport
from bot.platforms.telegram.trouble import TROUBLE
from bot.submission.options import Options
from bot.submission.person import Person
from generation.directions.vocabulary import Effect, Motion

log = structlog.get_logger(__name__)

VIDEO = re.compile(r"v1\|video\|(?P<id>video_[a-z2-7]{18})", re.ASCII)
PAGES = re.compile(rf"{re.escape(PAGE)}\|(?P<first>[0-9]{{1,6}})", re.ASCII)
EDIT = "edit:"
"""Marks the clip's number in the questions of older versions."""

QUIET = (Verb.CANCEL, Verb.DELETE, Verb.ERASE, Verb.KEEP, Verb.RECIPE)
"""What posts nothing in a chat; whose cancelling and deleting it is, is asked elsewhere."""


class ButtonHandlers:
    def __init__(
        self,
        chat_commands: ChatCommands,
        submission: MessageSubmission,
        replies: Replies,
        people: People,
        transport: TelegramTransport,
        resolver: Resolver,
        commands: Commands,
    ) -> None:
        self._commands = commands
        self._confirmations = commands.confirmations
        self._chat_commands = chat_commands
        self._submission = submission
        self._replies = replies
        self._people = people
        self._transport = transport
        self._resolver = resolver

    async def press(self, query: telegram.CallbackQuery) -> None:
        """Every press gets an answer, or its button would go on turning."""
        message = query.message
        if not isinstance(message, telegram.Message):  # too old for Telegram to show it to us
            sentence = outdated(self._replies.catalogue(locale_of(query.from_user)))
            await _acknowledge(query, sentence, alert=True)
            return
        refusals: list[str] = []
        done: str | None = None

        async def refuse(sentence: str) -> None:
            refusals.append(sentence)

        catalogue = self._replies.catalogue(locale_of(query.from_user))
        async with errors_said_to(catalogue, refuse, trouble=TROUBLE):
            done = await self._pressed(query, message, query.data or "")
        await _acknowledge(query, refusals[0] if refusals else done, alert=bool(refusals))

    async def _pressed(
        self, query: telegram.CallbackQuery, message: telegram.Message, data: str
    ) -> str | None:
        """What is said to whoever pressed alone where it worked, if anything."""
        catalogue = self._replies.catalogue(locale_of(query.from_user))
        pressed = parse_button(data)
        if answer := ANSWER.fullmatch(data):
            person = await self._people.of_press(query)
            return await self._confirmations.forget(message, person, answer)
        if not (isinstance(pressed, Pressed) and pressed.verb in QUIET):
            await self._check_may_post(query, message)
        if parse_suggestion(data) is not None:
            return await self._suggested(query, message, data)
        if found := VIDEO.fullmatch(data):
            return await self._shown(query, message, found["id"])
        if found := PAGES.fullmatch(data):
            person = await self._people.of_press(query)
            await self._commands.turn_page(message, person, int(found["first"]))
            return None
        if isinstance(pressed, Outdated):
            raise UserError(outdated(catalogue))
        return await self._verb(query, message, pressed)

    async def _check_may_post(
        self, query: telegram.CallbackQuery, message: telegram.Message
    ) -> None:
        """A channel's readers write nothing into it; raises `UserError`."""
        if message.chat.type != ChatType.CHANNEL:
            return
        if not await self._people.run(message.chat, query.from_user):
            catalogue = self._replies.catalogue(locale_of(query.from_user))
            raise UserError(catalogue.say("telegram.answer.staff_only"))

    async def _verb(
        self, query: telegram.CallbackQuery, message: telegram.Message, pressed: Pressed
    ) -> str | None:
        job_id = pressed.job_id
        job = await self._chat_commands.job(job_id)
        person = await self._people.of_press(query, job)
        match pressed.verb:
            case Verb.CANCEL:
                await self._transport.pressed(job, message.chat_id, message.id)
                return await self._chat_commands.cancel(person, job_id)
            case Verb.DELETE:
                return await self._confirmations.ask_to_delete(message, person, job_id)
            case Verb.ERASE:
                return await self._confirmations.delete(message, person, job_id)
            case Verb.KEEP:
                await self._confirmations.keep(message, person, job_id)
                return None
            case Verb.RECIPE:
                return await self._tell_recipe(message, person, job_id)
            case Verb.EDIT:
                await self._ask_for_changes(message, person, query.from_user, job_id)
                return None
            case Verb.REROLL | Verb.EXTEND | Verb.LOOP:
                key = f"press:{query.id}"
                await self._submission.again(message, person, job_id, pressed.verb, key=key)
                return None

    async def _tell_recipe(
        self, message: telegram.Message, person: Person, job_id: str
    ) -> str | None:
        """In a group to whoever wants to know alone."""
        catalogue = self._replies.catalogue(person.locale)
        formatting = telegram_formatting(catalogue)
        recipe = await self._chat_commands.recipe(job_id, catalogue, formatting)
        if not await self._replies.privately(message, person, recipe):
            raise UserError(self._replies.first_contact(person))
        if message.chat.type == ChatType.PRIVATE:
            return None
        return catalogue.say("telegram.answer.told_privately")

    async def _ask_for_changes(
        self, message: telegram.Message, person: Person, user: telegram.User, job_id: str
    ) -> None:
        """Whoever replies to the question makes another clip."""
        catalogue = self._replies.catalogue(person.locale)
        formatting = telegram_formatting(catalogue)
        options = await self._chat_commands.prefill(job_id)
        around = catalogue.say("telegram.edit", prompt="") + user.first_name
        room = MessageLimit.MAX_TEXT_LENGTH - measure(around) - 1
        before = fitted(options.prompt, formatting, room)
        before = before or catalogue.say("chat.asking.no_prompt")
        question = catalogue.say("telegram.edit", prompt=before)
        asked = await self._replies.ask(message, person, question, user)
        if asked is not None:
            about = EditOf(job=job_id)
            await self._resolver.remember(asked, about, user=person.requester.user)

    async def _suggested(
        self, query: telegram.CallbackQuery, message: telegram.Message, data: str
    ) -> str | None:
        """One tap begins, or opens the choice in which the next one begins."""
        suggested = parse_suggestion(data)
        assert suggested is not None
        person = await self._people.of_press(query)
        catalogue = self._replies.catalogue(person.locale)
        if suggested.option != "any" and not suggested.value:
            markup = choices(catalogue, suggested.option)
            await self._replies.turn(message, markup)
            return None
        picture = message.reply_to_message or message
        source, known = picture_of(picture), await self._resolver.known(message)
        if isinstance(known, PictureOf):
            source = known.source
        if source is None:
            raise UserError(catalogue.say("telegram.answer.picture_gone"))
        options = _options(suggested.option, suggested.value)
        await self._submission.animate(picture, person, source, options)
        await self._replies.remove(message)
        return None

    async def _shown(
        self, query: telegram.CallbackQuery, message: telegram.Message, job_id: str
    ) -> str | None:
        """Show somebody one of their own earlier clips again."""
        view = await self._chat_commands.view(job_id)
        person = await self._people.of_press(query)
        outcome = chosen(view, person)
        spoiler = await self._transport.covered(job_id)
        address = address_of(message, person, spoiler=spoiler)
        route = self._transport.send_again(view.job, address, outcome)
        sending = await self._transport.again(view.job, person.locale, outcome, route)
        if not isinstance(sending, Sent):
            raise UserError(self._replies.catalogue(person.locale).say("chat.asking.broke"))
        return None

    async def suggest(self, message: telegram.Message, person: Person) -> telegram.Message | None:
        """Ask what should happen with a bare picture; `None` where that could not be asked."""
        catalogue = self._replies.catalogue(person.locale)
        question = catalogue.say("telegram.wish.question")
        return await self._replies.say(message, person, question, suggestions(catalogue))


def _options(option: str, value: str) -> Options:
    match option:
        case "motion":
            return Options(motion=Motion(value))
        case "effect":
            return Options(effect=Effect(value))
        case "seconds":
            return Options(seconds=float(value))
        case "size":
            return Options(size=value)
        case _:
            return Options()


async def _acknowledge(query: telegram.CallbackQuery, sentence: str | None, *, alert: bool) -> None:
    """To whoever pressed alone: in passing what worked, to be read what was refused."""
    most = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    try:
        await query.answer(cut(sentence, most) if sentence else None, show_alert=alert or None)
    except TelegramError as error:  # pressed long ago: nobody waits for this answer any more
        log.info("press_not_acknowledged", reason=str(error))
