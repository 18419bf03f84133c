"""What those who run a server or a group have decided for it, as text that the way in reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from generation.store.database import Database
from generation.store.statements import place_settings


class PlaceSettingsRecords:
    """A place is named as in an identity: `discord-guild:2`, `telegram:-100`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, place: str) -> str | None:
        rows = await self._database.rows(place_settings.ONE, {"place": place})
        return rows[0]["settings"] if rows else None

    async def change(self, place: str, changes: Mapping[str, Any]) -> None:
        """Only what `changes` name, also within a map; `None` takes a value back."""
        values = {"place": place, "changes": json.dumps(changes)}
        await self._database.rows(place_settings.CHANGE, values)

    async def reset(self, place: str) -> None:
        await self._database.rows(place_settings.RESET, {"place": place})

    async def move(self, place: str, to: str) -> None:
        """A group has another number now."""
        await self._database.rows(place_settings.MOVE, {"place": place, "to": to})
