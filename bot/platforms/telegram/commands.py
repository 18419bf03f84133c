"""The commands that make no clip: queue, limits, clips, one's own data; the operator's."""

from __future__ import annotations

import telegram
from telegram.constants import ChatType

from bot.chat.commands import ChatCommands
from bot.platforms.telegram.confirmations import Confirmations
from bot.platforms.telegram.earlier_clips import EarlierClips
from bot.platforms.telegram.formatting import telegram_formatting
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.settings import GroupSettings
from bot.submission.person import Person

COMMANDS = ("animate", "storyboard", "queue", "cancel", "quota", "videos", "help", "forget")
"""As they stand in the menu."""


AFFAIRS = ("queue", "quota")
"""What tells of somebody's own requests, which is no group's business."""


class Commands:
    def __init__(
        self,
        chat_commands: ChatCommands,
        replies: Replies,
        confirmations: Confirmations,
        earlier_clips: EarlierClips,
        settings: GroupSettings,
    ) -> None:
        self._settings = settings
        self._chat_commands = chat_commands
        self.earlier_clips = earlier_clips
        self.confirmations = confirmations
        self._replies = replies

    async def run(self, message: telegram.Message, person: Person, name: str, rest: str) -> bool:
        """Reply to a command; False for one that is none of ours."""
        if name == "videos":
            await self._videos(message, person)
            return True
        if name == "forget":
            await self.confirmations.ask_to_forget(message, person)
            return True
        if name == "settings":
            said = await self._settings.run(message, person, rest)
            await self._replies.say(message, person, said)
            return True
        reply = await self._reply(person, name, rest)
        if reply is None:
            return False
        if name in AFFAIRS:
            await self._tell(message, person, reply)
        else:
            await self._replies.say(message, person, reply)
        return True

    async def _tell(
        self,
        message: telegram.Message,
        person: Person,
        text: str,
        markup: telegram.InlineKeyboardMarkup | None = None,
    ) -> None:
        """Somebody's own affairs, and to a group only where they are now."""
        told = await self._replies.privately(message, person, text, markup)
        if message.chat.type == ChatType.PRIVATE or int(person.requester.user) < 0:
            return
        where = self._replies.catalogue(person.locale).say("telegram.answer.told_privately")
        said = where if told else self._replies.first_contact(person)
        await self._replies.say(message, person, said)

    async def _reply(self, person: Person, name: str, rest: str) -> str | None:
        catalogue = self._replies.catalogue(person.locale)
        formatting = telegram_formatting(catalogue)
        match name:
            case "start" | "help":
                return f"{self._chat_commands.help(person)}\n{catalogue.say('telegram.help')}"
            case "queue":
                return await self._chat_commands.queue(person, formatting)
            case "cancel":
                return await self._chat_commands.cancel(person)
            case "quota":
                return await self._chat_commands.quota(person, formatting)
            case "admin":
                command, _, argument = rest.partition(" ")
                return await self._chat_commands.admin(person, command, argument)
            case _:
                return None

    async def _videos(self, message: telegram.Message, person: Person) -> None:
        """A list to choose from, so that a clip that could not be delivered is not lost."""
        count, markup = await self.earlier_clips.page(person)
        sentence = self._replies.catalogue(person.locale).say("chat.videos.yours", count=count)
        await self._tell(message, person, sentence, markup)
