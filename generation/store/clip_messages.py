"""Which messages show a clip beside the one that was its delivery, so that they can go with it."""

from __future__ import annotations

from dataclasses import asdict

from generation.store.database import Database
from generation.store.message_references import ChatMessage
from generation.store.statements import clip_messages


class ClipMessages:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, job_id: str, where: ChatMessage) -> bool:
        """False where the clip has been deleted meanwhile: then the message has to go as well."""
        values = asdict(where) | {"job": job_id}
        return bool(await self._database.rows(clip_messages.ADD, values))

    async def of(self, job_id: str) -> list[ChatMessage]:
        rows = await self._database.rows(clip_messages.OF_JOB, {"job": job_id})
        return [ChatMessage(row["platform"], row["chat"], row["message"]) for row in rows]
