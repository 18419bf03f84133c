"""How a clip should be instead: the question, and what comes of its answer."""

from __future__ import annotations

import telegram
from telegram.constants import MessageLimit

from bot.chat.buttons import Verb
from bot.chat.commands import ChatCommands
from bot.language.wording import fitted
from bot.platforms.telegram.command_parsing import changed
from bot.platforms.telegram.formatting import measure, telegram_formatting
from bot.platforms.telegram.references import ClipOf, EditOf, Resolver
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import MessageSubmission
from bot.submission.options import Options
from bot.submission.person import Person


class Edits:
    def __init__(
        self,
        chat_commands: ChatCommands,
        submission: MessageSubmission,
        replies: Replies,
        resolver: Resolver,
    ) -> None:
        self._chat_commands = chat_commands
        self._submission = submission
        self._replies = replies
        self._resolver = resolver

    async def ask(
        self, message: telegram.Message, person: Person, user: telegram.User, clip: ClipOf
    ) -> None:
        """Whoever replies to the question makes another clip; raises `Expired`."""
        catalogue = self._replies.catalogue(person.locale)
        options = await self._before(clip)
        around = catalogue.say("telegram.edit", prompt="") + user.first_name
        room = MessageLimit.MAX_TEXT_LENGTH - measure(around) - 1
        before = fitted(options.prompt, telegram_formatting(catalogue), room)
        before = before or catalogue.say("chat.asking.no_prompt")
        question = catalogue.say("telegram.edit", prompt=before)
        about = EditOf(job=clip.job, file=clip.file, size=clip.size)
        chat, owner = message.chat_id, person.requester.user

        async def intend(words: str) -> None:
            await self._resolver.intend_edit(chat, words, about, user=owner)

        asked = await self._replies.ask(message, person, question, user, intend)
        if asked is not None:
            await self._resolver.remember_edit(asked, about, user=owner)

    async def make(
        self, message: telegram.Message, person: Person, clip: ClipOf | EditOf, text: str
    ) -> None:
        """The clip with these words and options; without any once more as it was."""
        key = f"{message.chat_id}:{message.id}"
        if not text:
            await self._submission.again(message, person, clip, Verb.REROLL, key=key)
            return
        wanted = self._submission.options(text, person)
        changes = changed(await self._before(clip), wanted)
        await self._submission.again(message, person, clip, Verb.EDIT, key=key, changes=changes)

    async def _before(self, clip: ClipOf | EditOf) -> Options:
        job = await self._chat_commands.job(clip.job)
        is_in_chat = self._submission.can_fetch(clip, job)
        return await self._chat_commands.prefill(clip.job, is_in_chat=is_in_chat)
