"""What those who run a server or a group may decide for it, and how that is said to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.errors import UserError
from bot.language.catalogue import LOCALES, Catalogue, Texts
from bot.submission.person import Person
from bot.submission.places import Places, PlaceSettings, place_of
from generation.directions.vocabulary import Motion
from generation.errors import UnsupportedOption
from generation.images.geometry import parse_size

SECONDS = 60.0
"""More than any clip has: how long it may be depends on the engine, which shortens it."""

LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "it": "Italiano",
    "pt-BR": "Português (Brasil)",
    "ru": "Русский",
    "ja": "日本語",
    "ko": "한국어",
    "zh": "简体中文",
    "zh-TW": "繁體中文",
}
"""As their speakers call them."""


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """How a platform writes a channel (or topic), a chat and a role.

    `places` names what can be allowed there: `channels` or `topics`.
    """

    channel: Callable[[int], str]
    chat: Callable[[int], str]
    role: Callable[[str], str]
    places: str


class SettingsCommands:
    """A platform says who manages a place before it comes here."""

    def __init__(self, places: Places, texts: Texts) -> None:
        self._places = places
        self._texts = texts

    async def at(self, person: Person) -> PlaceSettings:
        """What is set where somebody asks."""
        return await self._places.of(person)

    async def show(self, person: Person, names: PlaceNames) -> str:
        """Everything that is set; raises `UserError` where nobody can set anything."""
        catalogue = self._texts.of(person.locale)
        settings = await self._places.at(self._place(person))
        return "\n".join(_lines(catalogue, settings, names))

    async def change(self, person: Person, changes: Mapping[str, Any]) -> str:
        await self._places.change(self._place(person), changes)
        return self._texts.of(person.locale).say("chat.settings.saved")

    async def reset(self, person: Person) -> str:
        await self._places.reset(self._place(person))
        return self._texts.of(person.locale).say("chat.settings.saved")

    def _place(self, person: Person) -> str:
        place = place_of(person)
        if place is None:
            raise UserError(self._texts.of(person.locale).say("chat.settings.nowhere"))
        return place


def change_of(name: str, text: str | None) -> dict[str, Any]:
    """What somebody has written for a setting, ready to be stored; `None` takes it back.

    Raises `UnsupportedOption`, `ValueError`.
    """
    if text is None:
        return {name: None}
    match name:
        case "language" if text in LOCALES:
            return {name: text}
        case "seconds" if 0 < (seconds := float(text.replace(",", "."))) <= SECONDS:
            return {name: seconds}
        case "size":
            parse_size(text)
            return {name: text.strip().lower()}
        case "motion":
            return {name: Motion(text).value}
        case _:
            raise UnsupportedOption("unknown_name", name)


def elsewhere(catalogue: Catalogue, settings: PlaceSettings, names: PlaceNames) -> UserError:
    """Where clips are made, said to somebody who asks where none are."""
    places = catalogue.listed([names.channel(channel) for channel in settings.channels])
    return UserError(catalogue.say("chat.settings.elsewhere", places=places))


def _lines(catalogue: Catalogue, settings: PlaceSettings, names: PlaceNames) -> list[str]:
    def line(name: str, value: str | None) -> str:
        value = value or catalogue.say("chat.settings.unset")
        label = catalogue.say(f"chat.settings.{name}")
        return catalogue.say("chat.settings.line", label=label, value=value)

    motion = settings.motion
    seconds = settings.seconds
    channels = [names.channel(channel) for channel in settings.channels]
    everywhere = catalogue.say("chat.settings.everywhere")
    return [
        line("language", LANGUAGES.get(settings.language or "")),
        line("seconds", catalogue.written(seconds, ".2") if seconds is not None else None),
        line("size", settings.size),
        line("motion", catalogue.say(f"directions.motion.{motion}") if motion else None),
        line(names.places, ", ".join(channels) or everywhere),
        line("log", names.chat(settings.log) if settings.log is not None else None),
        *(
            catalogue.say(
                "chat.settings.limits_of",
                role=names.role(role),
                queued=_number(limits.queued),
                hour=_number(limits.hour),
                day=_number(limits.day),
            )
            for role, limits in settings.limits.items()
        ),
    ]


def _number(limit: int | None) -> str:
    return "–" if limit is None else str(limit)
