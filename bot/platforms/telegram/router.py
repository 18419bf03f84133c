"""What a message means for us: a command, a picture, a reply to our question, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import telegram
from telegram.constants import ChatType

from bot.chat.errors import UserError
from bot.platforms.telegram.button_handlers import ButtonHandlers
from bot.platforms.telegram.command_parsing import Command, NoCommand, NotForUs, parse
from bot.platforms.telegram.commands import Commands
from bot.platforms.telegram.companions import Group
from bot.platforms.telegram.people import People
from bot.platforms.telegram.questions import Questions
from bot.platforms.telegram.references import (
    ClipOf,
    EditOf,
    Nothing,
    OthersOf,
    OursAndUnknown,
    PictureOf,
    Referent,
    Resolver,
)
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.sources import picture_of
from bot.platforms.telegram.storyboards import Storyboards
from bot.submission.person import Person

QUESTION = re.compile(r"edit:(?P<job>video_[a-z2-7]{18})", re.ASCII)
"""The clip's number in the questions of older versions."""

Pictures = Sequence[telegram.Message]
"""The messages whose pictures are meant: an album has several."""


class Router:
    """Keeps nothing in mind: what was said before is on the disk."""

    def __init__(
        self,
        commands: Commands,
        button_handlers: ButtonHandlers,
        questions: Questions,
        replies: Replies,
        people: People,
        resolver: Resolver,
        boards: Storyboards,
    ) -> None:
        self._questions = questions
        self._commands = commands
        self._button_handlers = button_handlers
        self._replies = replies
        self._people = people
        self._resolver = resolver
        self._boards = boards

    async def handle(self, group: Group) -> None:
        """One update, whatever it is, with those that belong to it; raises nothing."""
        update = group.update
        if update.callback_query is not None:
            await self._button_handlers.press(update.callback_query)
            return
        message = update.message or update.channel_post
        edited = update.edited_message or update.edited_channel_post
        if message is not None:
            await self._message(message, group.pictures, edited=False)
        elif edited is not None:
            own = (edited,) if picture_of(edited) is not None else ()
            await self._message(edited, own, edited=True)

    async def give_up(self, update: telegram.Update) -> None:
        """An apology where an update was sent; raises nothing."""
        query, message = update.callback_query, update.effective_message
        if message is None:
            return
        person = await self._people.of_press(query) if query else self._people.of_message(message)
        async with self._replies.to(message, person):
            catalogue = self._replies.catalogue(person.locale)
            await self._replies.say(message, person, catalogue.say("chat.asking.broke"))

    async def _message(
        self, message: telegram.Message, pictures: Pictures, *, edited: bool
    ) -> None:
        person = self._people.of_message(message)
        async with self._replies.to(message, person):
            match parse(message.text or message.caption or "", message.get_bot().username):
                case Command("animate", rest):
                    await self._animate(message, person, rest, pictures)
                case Command("storyboard", rest):
                    if not edited:
                        await self._storyboard(message, person, rest, pictures)
                case Command(name, rest):
                    if not edited and not await self._commands.run(message, person, name, rest):
                        await self._not_understood(message, person)
                case NotForUs():
                    return
                case NoCommand(text):
                    if not edited:
                        await self._without_command(message, person, text, pictures)

    async def _animate(
        self, message: telegram.Message, person: Person, rest: str, pictures: Pictures
    ) -> None:
        meant = await self._meant(message, pictures)
        match meant:
            case PictureOf() if meant.others and self._boards.has_scenes(rest, person):
                await self._film(message, person, meant, rest)
            case PictureOf():
                options = await self._questions.wanted(meant, person, rest)
                await self._questions.animate(message, person, meant, options)
            case ClipOf() | EditOf():
                await self._questions.edits.make(message, person, meant, rest)
            case OursAndUnknown():
                raise self._refusal(person, "picture_gone")
            case OthersOf() | Nothing():
                raise self._refusal(person, "no_picture")

    async def _storyboard(
        self, message: telegram.Message, person: Person, rest: str, pictures: Pictures
    ) -> None:
        meant = await self._boards.album(message) or await self._meant(message, pictures)
        match meant:
            case PictureOf():
                await self._film(message, person, meant, rest)
            case OursAndUnknown():
                raise self._refusal(person, "picture_gone")
            case ClipOf() | EditOf() | OthersOf() | Nothing():
                catalogue = self._replies.catalogue(person.locale)
                raise UserError(catalogue.say("telegram.film.usage"))

    async def _film(
        self, message: telegram.Message, person: Person, album: PictureOf, text: str
    ) -> None:
        """What a panel shows that was asked with holds for each scene."""
        begin = await self._questions.wanted(album, person, "")
        board = self._boards.read(text, person, begin)
        await self._boards.make(message, person, album, board)

    async def _without_command(
        self, message: telegram.Message, person: Person, text: str, pictures: Pictures
    ) -> None:
        """Text without a command: a reply to us, or in private a picture or its prompt."""
        question = await self._question(message) if text else None
        if question is not None:
            await self._questions.edits.make(message, person, question, text)
        elif message.chat.type != ChatType.PRIVATE:
            return
        elif text and pictures and message.forward_origin is None:  # else it is somebody else's
            await self._animate(message, person, text, pictures)
        elif about := PictureOf.of_all(pictures, asked=True):
            await self._questions.ask(pictures[0], person, about)
        elif text and isinstance(await self._meant(message, ()), PictureOf | ClipOf | EditOf):
            await self._animate(message, person, text, ())
        else:
            await self._not_understood(message, person)

    async def _meant(self, message: telegram.Message, pictures: Pictures) -> Referent:
        """The picture it brings, or what it answers, or in private the newest picture."""
        if brought := PictureOf.of_all(pictures):
            return brought
        answered = await self._resolver.answered(message)
        if isinstance(answered, PictureOf | ClipOf | EditOf):
            return answered
        if message.chat.type == ChatType.PRIVATE:
            return await self._resolver.open(message) or answered
        return answered

    async def _question(self, message: telegram.Message) -> EditOf | None:
        """The clip that we asked about, where this answers such a question."""
        answered = message.reply_to_message
        if answered is None:
            return None
        known = await self._resolver.known(answered)
        if isinstance(known, EditOf):
            return known
        if known is not None or not await self._resolver.is_ours(answered):
            return None
        found = QUESTION.findall(answered.text or "")
        return EditOf(job=found[-1]) if found else None  # before the last stands a prompt

    async def _not_understood(self, message: telegram.Message, person: Person) -> None:
        """What somebody writes is nothing we understand; in a group that is not our business."""
        if message.chat.type == ChatType.PRIVATE:
            catalogue = self._replies.catalogue(person.locale)
            await self._replies.say(message, person, catalogue.say("telegram.answer.lost"))

    def _refusal(self, person: Person, answer: str) -> UserError:
        catalogue = self._replies.catalogue(person.locale)
        return UserError(catalogue.say(f"telegram.answer.{answer}"))
