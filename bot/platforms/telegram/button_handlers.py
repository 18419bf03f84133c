"""What happens when a button is pressed, today or in years: whatever it needs is in its data."""

from __future__ import annotations

import re

import structlog
import telegram
from telegram.constants import CallbackQueryLimit, ChatType
from telegram.error import TelegramError

from bot.chat.buttons import PICKS, Pressed, Verb, parse_button
from bot.chat.commands import ChatCommands
from bot.chat.errors import UserError, errors_said_to
from bot.language.wording import outdated
from bot.platforms.telegram.commands import Commands
from bot.platforms.telegram.confirmations import ANSWER
from bot.platforms.telegram.formatting import cut, telegram_formatting
from bot.platforms.telegram.keyboards import PAGE
from bot.platforms.telegram.people import People, locale_of
from bot.platforms.telegram.questions import Questions
from bot.platforms.telegram.references import ClipOf
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import MessageSubmission
from bot.platforms.telegram.transport import TelegramTransport
from bot.platforms.telegram.trouble import TROUBLE
from bot.submission.person import Person

log = structlog.get_logger(__name__)

VIDEO = re.compile(r"v1\|video\|(?P<id>video_[a-z2-7]{18})", re.ASCII)
PAGES = re.compile(
    rf"{re.escape(PAGE)}\|(?:(?P<owner>-?[0-9]{{1,20}})\|)?(?P<first>[0-9]{{1,6}})", re.ASCII
)
"""Without an owner as older versions wrote them."""

QUIET = (
    Verb.CANCEL,
    Verb.DELETE,
    Verb.ERASE,
    Verb.KEEP,
    Verb.RECIPE,
    Verb.MARK,
    Verb.UNMARK,
    *PICKS,
)
"""What posts nothing in a chat; whose cancelling and deleting it is, is asked elsewhere."""


class ButtonHandlers:
    def __init__(
        self,
        chat_commands: ChatCommands,
        submission: MessageSubmission,
        replies: Replies,
        people: People,
        transport: TelegramTransport,
        commands: Commands,
        questions: Questions,
    ) -> None:
        self._commands = commands
        self._confirmations = commands.confirmations
        self._chat_commands = chat_commands
        self._submission = submission
        self._replies = replies
        self._people = people
        self._transport = transport
        self._questions = questions

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
            person = await self._people.acting_for(query, answer["user"])
            return await self._confirmations.forget(message, person, answer)
        if not (isinstance(pressed, Pressed) and pressed.verb in QUIET):
            await self._check_may_post(query, message)
        if isinstance(pressed, Pressed):
            return await self._verb(query, message, pressed)
        if found := VIDEO.fullmatch(data):
            await self._show(query, message, found["id"])
        elif found := PAGES.fullmatch(data):
            owner = found["owner"] or str(message.chat_id)  # in a group only its own was posted
            person = await self._people.acting_for(query, owner)
            await self._commands.earlier_clips.turn(message, person, int(found["first"]))
        elif not await self._questions.press(query, message):
            raise UserError(outdated(catalogue))
        return None

    async def _show(
        self, query: telegram.CallbackQuery, message: telegram.Message, job_id: str
    ) -> None:
        owner = (await self._chat_commands.job(job_id)).requester.user
        person = await self._people.acting_for(query, owner)
        await self._commands.earlier_clips.show(message, person, job_id)

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
            case Verb.MARK | Verb.UNMARK | Verb.PICK_1 | Verb.PICK_2 | Verb.PICK_3 | Verb.PICK_4:
                owner = await self._people.acting_for(query, job.requester.user)
                await self._owners(message, owner, pressed)
            case Verb.SHOW | Verb.NOTIFY:
                await self._show(query, message, job_id)
            case Verb.RECIPE:
                return await self._tell_recipe(message, person, job_id)
            case Verb.EDIT:
                clip = ClipOf.within(job_id, message)
                await self._questions.edits.ask(message, person, query.from_user, clip)
            case Verb.REROLL | Verb.EXTEND | Verb.LOOP | Verb.BOOMERANG | Verb.UPSCALE | Verb.FULL:
                await self._again(query, message, person, pressed)
            case Verb.MORE | Verb.LESS | Verb.SCENE:
                await self._again(query, message, person, pressed)
        return None

    async def _again(
        self,
        query: telegram.CallbackQuery,
        message: telegram.Message,
        person: Person,
        pressed: Pressed,
    ) -> None:
        clip, key = ClipOf.within(pressed.job_id, message), f"press:{query.id}"
        await self._submission.again(message, person, clip, pressed.verb, key=key)

    async def _owners(self, message: telegram.Message, owner: Person, pressed: Pressed) -> None:
        """What whose clip it is alone does with the message that shows it."""
        clips = self._commands.earlier_clips
        do = clips.pick if pressed.verb in PICKS else clips.mark
        await do(message, owner, pressed)

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


async def _acknowledge(query: telegram.CallbackQuery, sentence: str | None, *, alert: bool) -> None:
    """To whoever pressed alone: in passing what worked, to be read what was refused."""
    most = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    try:
        await query.answer(cut(sentence, most) if sentence else None, show_alert=alert or None)
    except TelegramError as error:  # pressed long ago: nobody waits for this answer any more
        log.info("press_not_acknowledged", reason=str(error))
