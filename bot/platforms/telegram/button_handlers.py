"""What happens when a button is pressed, today or in years: whatever it needs is in its data."""

from __future__ import annotations

import re
from typing import assert_never

import structlog
import telegram
from telegram.constants import CallbackQueryLimit
from telegram.error import TelegramError

from bot.chat.buttons import Outdated, Pressed, Verb, parse_button
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError, errors_said_to
from bot.delivery.sending import Sent
from bot.language.wording import outdated
from bot.platforms.telegram import pictures
from bot.platforms.telegram.formatting import telegram_formatting
from bot.platforms.telegram.keyboards import choices, parse_suggestion, suggestions
from bot.platforms.telegram.people import People, locale_of
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import MessageSubmission, address_of
from bot.platforms.telegram.transport import TelegramTransport
from bot.submission.options import Options
from bot.submission.person import Person
from generation.directions.vocabulary import Effect, Motion
from generation.errors import JobNotFound
from generation.events import Finished, Succeeded

log = structlog.get_logger(__name__)

VIDEO = re.compile(r"v1\|video\|(?P<id>video_[a-z2-7]{18})", re.ASCII)
EDIT = "edit:"
"""Marks the clip's number in our question: an apology names one too, and is no question."""


class ButtonHandlers:
    def __init__(
        self,
        desk: ChatCommands,
        asking: MessageSubmission,
        answers: Replies,
        people: People,
        transport: TelegramTransport,
    ) -> None:
        self._desk = desk
        self._asking = asking
        self._answers = answers
        self._people = people
        self._transport = transport

    async def press(self, query: telegram.CallbackQuery) -> None:
        """Every press is answered, or its button would go on turning."""
        message = query.message
        if not isinstance(message, telegram.Message):  # too old for Telegram to show it to us
            await _alert(query, outdated(self._answers.catalogue(locale_of(query.from_user))))
            return
        said: list[str] = []

        async def say(sentence: str) -> None:
            said.append(sentence)

        catalogue = self._answers.catalogue(locale_of(query.from_user))
        async with errors_said_to(catalogue, say, trouble=(TelegramError, OSError)):
            says = await self._pressed(query, message, query.data or "")
            said += [says] if says else []
        await _alert(query, said[0] if said else None)

    async def _pressed(
        self, query: telegram.CallbackQuery, message: telegram.Message, data: str
    ) -> str | None:
        """What is said to whoever pressed alone, if anything."""
        if parse_suggestion(data) is not None:
            return await self._suggested(query, message, data)
        if found := VIDEO.fullmatch(data):
            return await self._shown(query, message, found["id"])
        pressed = parse_button(data)
        if isinstance(pressed, Outdated):
            return outdated(self._answers.catalogue(locale_of(query.from_user)))
        return await self._verb(query, message, pressed)

    async def _verb(
        self, query: telegram.CallbackQuery, message: telegram.Message, pressed: Pressed
    ) -> str | None:
        job_id = pressed.job_id
        person = await self._people.of_press(query, await self._desk.job(job_id))
        catalogue = self._answers.catalogue(person.locale)
        match pressed.verb:
            case Verb.CANCEL:
                return await self._desk.cancel(person, job_id)
            case Verb.DELETE:
                said = await self._desk.delete(person, job_id)
                await _deleted(message)
                return said
            case Verb.RECIPE:
                recipe = await self._desk.recipe(job_id, catalogue, telegram_formatting(catalogue))
                await self._answers.say(message, recipe)
                return None
            case Verb.EDIT:
                words = await self._desk.prefill(job_id)
                says = catalogue.say("telegram.edit", prompt=words.prompt, job=f"{EDIT}{job_id}")
                forced = telegram.ForceReply(selective=True)
                if await self._answers.say(message, says, forced) is None:
                    await self._answers.say(message, says)  # a channel forces nobody to reply
                return None
            case Verb.REROLL | Verb.EXTEND | Verb.LOOP:
                key = f"press:{query.id}"
                await self._asking.again(message, person, job_id, pressed.verb, key=key)
                return None
            case _:
                assert_never(pressed.verb)

    async def _suggested(
        self, query: telegram.CallbackQuery, message: telegram.Message, data: str
    ) -> str | None:
        """One tap begins, or opens the choice in which the next one begins."""
        suggested = parse_suggestion(data)
        assert suggested is not None
        person = await self._people.of_press(query)
        catalogue = self._answers.catalogue(person.locale)
        if suggested.option != "any" and not suggested.value:
            markup = choices(catalogue, suggested.option)
            await message.edit_reply_markup(markup)
            return None
        asked = message.reply_to_message
        source = pictures.of_message(asked)
        if asked is None or source is None:
            return catalogue.say("telegram.answer.picture_gone")
        await self._asking.ask(asked, person, source, _words(suggested.option, suggested.value))
        await _deleted(message)
        return None

    async def _shown(
        self, query: telegram.CallbackQuery, message: telegram.Message, job_id: str
    ) -> str | None:
        """Show somebody one of their own earlier clips again."""
        view = await self._desk.view(job_id)
        person = await self._people.of_press(query)
        event = view.event
        if view.job.requester != person.requester or not isinstance(event, Finished):
            raise JobNotFound("unknown")
        if not isinstance(event.outcome, Succeeded):
            raise JobNotFound("unknown")
        sent = await self._transport.again(view.job, address_of(message, person), event.outcome)
        if not isinstance(sent, Sent):
            raise UserError(self._answers.catalogue(person.locale).say("chat.asking.broke"))
        return None

    async def suggest(self, message: telegram.Message, person: Person) -> None:
        """Ask what should happen with a bare picture."""
        catalogue = self._answers.catalogue(person.locale)
        await self._answers.say(
            message, catalogue.say("telegram.wish.question"), suggestions(catalogue)
        )


def _words(option: str, value: str) -> Options:
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


async def _alert(query: telegram.CallbackQuery, says: str | None) -> None:
    """To whoever pressed alone; a longer text is cut, the whole stands in the chat."""
    try:
        await query.answer(
            says[: CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH] if says else None,
            show_alert=says is not None,
        )
    except TelegramError as error:  # pressed long ago: nobody waits for this answer any more
        log.info("press_not_answered", reason=str(error))


async def _deleted(message: telegram.Message) -> None:
    try:
        await message.delete()
    except TelegramError as error:
        log.info("message_stays", reason=str(error))
