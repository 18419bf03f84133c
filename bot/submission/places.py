"""What holds in a server or a group beside the operator's settings: its own limits and defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.submission.options import Options
from bot.submission.person import Person
from generation.directions.parse import parse
from generation.directions.vocabulary import Motion
from generation.store.place_settings import PlaceSettingsRecords
from generation.store.quota import PersonalLimits

log = structlog.get_logger(__name__)

PLACE = re.compile(r"discord-guild:[0-9]+|telegram:-[0-9]+", re.ASCII)
"""The identities that are a place: a server, a group or a channel."""


class RoleLimits(BaseModel):
    """Of whoever has a role; `None` is the operator's limit."""

    model_config = ConfigDict(frozen=True)

    queued: int | None = None
    hour: int | None = None
    day: int | None = None


class PlaceSettings(BaseModel):
    """`channels` are those in which clips are made, none of them is everywhere; on Telegram they
    are a forum's topics. `log` is the chat in which every clip is shown as well. `limits` are by
    the role's identity.
    """

    model_config = ConfigDict(frozen=True)

    language: str | None = None
    seconds: float | None = None
    size: str | None = None
    motion: Motion | None = None
    channels: Mapping[int, bool] = {}
    log: int | None = None
    limits: Mapping[str, RoleLimits] = {}

    def allows(self, *channels: int | None) -> bool:
        """Whether clips are made here: in a thread, in one of the channel it belongs to."""
        return not self.channels or any(channel in self.channels for channel in channels)

    def usual(self, options: Options) -> Options:
        """With what is usual here, where nobody has said otherwise, by an option or in words."""
        if options.seconds is None and options.num_frames is None:
            options = replace(options, seconds=self.seconds)
        if options.size == "auto" and self.size is not None:
            options = replace(options, size=self.size)
        if options.motion is Motion.AUTO and self.motion and not parse(options.prompt).shots:
            options = replace(options, motion=self.motion)
        return options

    def limits_of(self, identities: Iterable[str]) -> PersonalLimits:
        """The most generous of somebody's roles; without a role that has any, the operator's."""
        given = [self.limits[one] for one in identities if one in self.limits]
        return PersonalLimits(
            _most([one.queued for one in given]),
            _most([one.hour for one in given]),
            _most([one.day for one in given]),
        )


AS_EVERYWHERE = PlaceSettings()


class Places:
    def __init__(self, records: PlaceSettingsRecords) -> None:
        self._records = records

    async def of(self, person: Person) -> PlaceSettings:
        """What holds where somebody asks."""
        place = place_of(person)
        return AS_EVERYWHERE if place is None else await self.at(place)

    async def at(self, place: str) -> PlaceSettings:
        stored = await self._records.of(place)
        try:
            return AS_EVERYWHERE if stored is None else PlaceSettings.model_validate_json(stored)
        except ValidationError as error:  # of a later version: nobody is kept from asking
            log.error("place_settings_unreadable", place=place, problems=error.error_count())
            return AS_EVERYWHERE

    async def log_of(self, place: str) -> int | None:
        """The chat in which this place's clips are shown as well."""
        return (await self.at(place)).log

    async def change(self, place: str, changes: Mapping[str, Any]) -> None:
        """Only what `changes` name; `None` takes a value back."""
        await self._records.change(place, changes)

    async def reset(self, place: str) -> None:
        await self._records.reset(place)

    async def move(self, place: str, to: str) -> None:
        await self._records.move(place, to)


def place_of(person: Person) -> str | None:
    """Where somebody asks, if others run it."""
    return next((one for one in person.identities if PLACE.fullmatch(one)), None)


def _most(limits: list[int | None]) -> int | None:
    """`None` is no limit of the place's own."""
    numbers = [limit for limit in limits if limit is not None]
    return max(numbers) if numbers and len(numbers) == len(limits) else None
