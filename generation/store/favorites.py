"""Which of their jobs somebody has marked."""

from __future__ import annotations

from generation.store.database import Database
from generation.store.statements import jobs


class Favorites:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self, job_id: str, *, favorite: bool) -> bool:
        """False for a job that is deleted or never was."""
        values = {"id": job_id, "favorite": int(favorite)}
        return bool(await self._database.rows(jobs.MARK, values))
