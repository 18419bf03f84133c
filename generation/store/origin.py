"""Which row of the inbox is being dealt with: once it is forgotten, nothing is queued for it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from generation.store.database import Database
from generation.store.statements import inbox


@dataclass(frozen=True, slots=True)
class Origin:
    """`number` is one of that bot's."""

    bot: str
    number: int


_CURRENT: ContextVar[Origin | None] = ContextVar("origin", default=None)


@contextmanager
def asked_by(bot: str, number: int) -> Generator[None]:
    """Within, whatever is queued was asked for by this row."""
    token = _CURRENT.set(Origin(bot, number))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def values() -> dict[str, object]:
    """For a statement; without any where nothing is kept of a request before it is queued."""
    row = _CURRENT.get()
    return {
        "origin_bot": row.bot if row is not None else None,
        "origin_number": row.number if row is not None else None,
    }


async def stands(database: Database) -> bool:
    """Whether what is being dealt with is still there; raises `Unwritable`."""
    row = values()
    return row["origin_bot"] is None or bool(await database.rows(inbox.STANDS, row))
