"""Where an answer goes on Telegram, as it lies in the queue's table: values, no live object."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from generation.jobs import Job, ReplyAddress


class Address(BaseModel):
    """Made from the message itself.

    `source` is the message that is answered, `thread` its topic in a forum. `user` can be written
    to directly where the chat is closed; a channel has none. A group's `chat` is below zero.
    """

    model_config = ConfigDict(frozen=True)

    chat: int
    source: int
    thread: int | None = None
    user: int | None = None
    locale: str | None = None

    @classmethod
    def of(cls, job: Job) -> Address | None:
        """`None` where there is none any more: `/forget` took it."""
        return None if job.address is None else cls.model_validate_json(job.address)

    def to_reply(self) -> ReplyAddress:
        return ReplyAddress(self.model_dump_json(exclude_defaults=True))

    def moved(self, chat: int) -> Address:
        """The same people in the supergroup that their group has become: messages stay behind."""
        return self.model_copy(update={"chat": chat, "thread": None})

    def in_general(self) -> Address:
        """The same chat outside of a topic, where that was deleted."""
        return self.model_copy(update={"thread": None})
