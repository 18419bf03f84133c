"""Where an answer goes on Telegram: a chat, its topic, the message that is answered."""

from __future__ import annotations

from bot.delivery.address import ChatAddress


class Address(ChatAddress):
    """Made from the message itself.

    `source` is the message that is answered, `thread` its topic in a forum. `user` can be written
    to directly where the chat is closed. Where a channel or group asks it has none, and `sender`
    where it asks in another one's chat. A group's `chat` is below zero. `direct`: they asked in
    another chat, which is closed now.
    """

    chat: int
    source: int
    thread: int | None = None
    user: int | None = None
    sender: int | None = None
    direct: bool = False

    def moved_to(self, chat: int) -> Address:
        """To the person directly."""
        return self.model_copy(update={"chat": chat, "source": 0, "thread": None, "direct": True})

    @property
    def owner(self) -> str:
        """Who asked, as the limits know them."""
        return str(self.user or self.sender or self.chat)

    def in_log(self, chat: int) -> Address:
        """Another chat, in which nobody's message is answered: it is still about who asked."""
        there = {"chat": chat, "source": 0, "thread": None, "sender": int(self.owner)}
        return self.model_copy(update=there)

    def moved(self, chat: int) -> Address:
        """The same people in the supergroup that their group has become: messages stay behind."""
        return self.model_copy(update={"chat": chat, "thread": None})

    def in_general(self) -> Address:
        """The same chat outside of a topic, where that was deleted."""
        return self.model_copy(update={"thread": None})
