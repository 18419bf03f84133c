"""A film out of an album or a picture, and a scene a line: what was written, and which pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeVar

import telegram

from bot.chat.errors import UserError
from bot.language.catalogue import Catalogue
from bot.platforms.telegram.command_parsing import changed
from bot.platforms.telegram.references import OthersOf, PictureOf, Resolver
from bot.platforms.telegram.replies import Replies
from bot.platforms.telegram.submit import MessageSubmission
from bot.submission.options import Options
from bot.submission.person import Person
from bot.submission.scenes import LEAST_SCENES
from bot.submission.storyboard import laid_out, lines_of, timed
from generation.errors import UnsupportedOption
from generation.media.joining.film import FilmStyle, Fit, Transition

STYLE = re.compile(r"(?<!\S)(?P<name>transition|fit)\s?=\s?(?P<value>\S+)", re.IGNORECASE)
Kind = TypeVar("Kind", Transition, Fit)


@dataclass(frozen=True, slots=True)
class Storyboard:
    """A scene a line; `rest` holds for whatever pictures have no line."""

    lines: tuple[Options, ...]
    rest: Options
    style: FilmStyle


class Storyboards:
    def __init__(self, submission: MessageSubmission, replies: Replies, resolver: Resolver) -> None:
        self._submission = submission
        self._replies = replies
        self._resolver = resolver

    def read(self, text: str, person: Person, begin: Options) -> Storyboard:
        """`begin` holds where nothing else is said; so do options in a line of their own.

        Raises `UserError`.
        """
        style, text = _style(text)
        lines, rest = lines_of(text), begin
        if lines:
            first = self._submission.options(lines[0], person)
            named = _transition(first.options.prompt, self._replies.catalogue(person.locale))
            if named is not None and len(lines) > 1:
                style = replace(style, transition=named)
                first = replace(first, options=replace(first.options, prompt=""))
            if (first.named or named) and not first.options.prompt:
                lines, rest = lines[1:], changed(begin, first)
        read = [timed(changed(rest, self._submission.options(line, person))) for line in lines]
        return Storyboard(tuple(read), rest, style)

    def has_scenes(self, text: str, person: Person) -> bool:
        """Whether the words are of several scenes; raises `UserError`."""
        return len(self.read(text, person, Options()).lines) >= LEAST_SCENES

    async def make(
        self, message: telegram.Message, person: Person, album: PictureOf, board: Storyboard
    ) -> None:
        """Raises `Rejected` kinds and `UserError`."""
        scenes = laid_out(board.lines, album.all, board.rest)
        if len(scenes) < LEAST_SCENES:
            catalogue = self._replies.catalogue(person.locale)
            raise UserError(catalogue.say("telegram.film.usage"))
        await self._submission.film(message, person, scenes, board.style)
        await self._resolver.use(message)

    async def album(self, message: telegram.Message) -> PictureOf | None:
        """The album that a message answers, as far as it is known beyond the one picture."""
        answered = message.reply_to_message
        if answered is None:
            return None
        known = await self._resolver.others(answered, answered.id)
        if isinstance(known, OthersOf) and known.whole is not None:
            return known.whole
        shown = await self._resolver.open(message)
        if shown is not None and answered.id in {one.message for one in shown.all}:
            return shown
        return None


def _style(text: str) -> tuple[FilmStyle, str]:
    """What is said of the whole film, and the text without it; raises `UnsupportedOption`."""
    style = FilmStyle()
    for found in STYLE.finditer(text):
        value = found["value"].lower()
        if found["name"].lower() == "fit":
            style = replace(style, fit=_chosen("fit", Fit, value))
        else:
            style = replace(style, transition=_chosen("transition", Transition, value))
    return style, STYLE.sub("", text)


def _chosen(name: str, kind: type[Kind], value: str) -> Kind:
    try:
        return kind(value)
    except ValueError:
        known = tuple(str(one) for one in kind)
        raise UnsupportedOption("choice", name, known=known) from None


def _transition(line: str, catalogue: Catalogue) -> Transition | None:
    """The one that a line of its own names, by its word here or as the menus call it."""
    for one in Transition:
        if line.casefold() in (one.value, catalogue.say(f"discord.transition.{one}").casefold()):
            return one
    return None
