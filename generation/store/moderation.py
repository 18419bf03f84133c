"""Who is blocked and who was refused how often: the operator's records, which outlive `/forget`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from generation.store.database import Database
from generation.store.quota import SLACK
from generation.store.statements import audit, blocks, strikes

DAY = 86400.0
"""Seconds for which a refused prompt is held against somebody."""


@dataclass(frozen=True, slots=True)
class Block:
    """`until` `None` is for good."""

    identity: str
    until: datetime | None


class ModerationRecords:
    """Identities are `discord:<id>`, `discord-guild:<id>`, `telegram:<id>`, `web:<name>`."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def blocked(self, identities: Sequence[str]) -> Block | None:
        """The longest block that any of these is under now.

        One for a time that was set under a clock which turned out wrong has no end to trust.
        """
        now = self._clock()
        rows = await self._database.rows(
            blocks.LONGEST,
            {"identities": json.dumps(list(identities)), "now": now, "soon": now + SLACK},
        )
        for row in rows:
            return Block(row["identity"], _moment(row["until"]))
        return None

    async def block(self, identity: str, *, seconds: float | None, actor: str) -> None:
        """Refuse this identity for so long, `None` for good; a later block replaces an earlier."""
        await asyncio.shield(self._block(identity, seconds, actor))

    async def unblock(self, identity: str, *, actor: str) -> bool:
        """False if it was not blocked."""
        return await asyncio.shield(self._unblock(identity, actor))

    async def strike(self, identity: str, *, limit: int, seconds: float) -> bool:
        """Hold one refused prompt against somebody; True if it was one too many.

        The `limit`th within a day blocks for so many seconds and clears the slate.
        """
        return await asyncio.shield(self._strike(identity, limit, seconds))

    async def _block(self, identity: str, seconds: float | None, actor: str) -> None:
        now = self._clock()
        until = None if seconds is None else now + seconds
        async with self._database.transaction() as run:
            await run(blocks.PUT, {"identity": identity, "now": now, "until": until})
            await run(audit.ADD, _line(now, actor, "block", identity))

    async def _unblock(self, identity: str, actor: str) -> bool:
        async with self._database.transaction() as run:
            rows = await run(blocks.REMOVE, {"identity": identity})
            if rows:
                await run(audit.ADD, _line(self._clock(), actor, "unblock", identity))
        return bool(rows)

    async def _strike(self, identity: str, limit: int, seconds: float) -> bool:
        now = self._clock()
        async with self._database.transaction() as run:
            await run(strikes.REMOVE_OLD, {"old": now - DAY, "soon": now + SLACK})
            await run(strikes.ADD, {"identity": identity, "now": now})
            await run(audit.ADD, _line(now, "photoplay", "strike", identity))
            [row] = await run(strikes.COUNT, {"identity": identity})
            if row["strikes"] < limit:
                return False
            await run(strikes.REMOVE, {"identity": identity})
            await run(blocks.PUT, {"identity": identity, "now": now, "until": now + seconds})
            await run(audit.ADD, _line(now, "photoplay", "block", identity))
        return True


def _line(at: float, actor: str, action: str, subject: str) -> dict[str, object]:
    return {"at": at, "actor": actor, "act": action, "who": subject}


def _moment(epoch: float | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)
