"""Where an answer goes, as it lies in the queue's table: values, never a live object."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict

from generation.jobs import Job, ReplyAddress


class ChatAddress(BaseModel):
    """What every chat needs; each platform adds its own.

    `locale` is the requester's language. `spoiler`: the picture was covered, so whatever shows it
    is.
    """

    model_config = ConfigDict(frozen=True)

    locale: str | None = None
    spoiler: bool = False

    @classmethod
    def of(cls, job: Job) -> Self | None:
        """`None` where there is none any more: `/forget` took it."""
        return None if job.address is None else cls.model_validate_json(job.address)

    def to_reply(self) -> ReplyAddress:
        return ReplyAddress(self.model_dump_json(exclude_defaults=True))

    def moved_to(self, chat: int) -> Self:
        """Where the outcome stands, if that is another chat: most platforms have one kind."""
        return self

    def without_token(self) -> Self:
        """What is kept once everything is delivered: no secret is. Most platforms have none."""
        return self
