"""What chats ask, put together from the core and the way in."""

from __future__ import annotations

from bot.chat.admin import AdminCommands
from bot.chat.commands import ChatCommands
from bot.language.catalogue import Texts
from bot.submission.moderation import Moderation
from bot.submission.submit import Submission
from generation.dispatch.core import Core


def chat_commands(
    core: Core, submission: Submission, moderation: Moderation, texts: Texts, *, fps: int
) -> ChatCommands:
    """`fps` are frames a second where nobody says otherwise."""
    store = core.store
    admin = AdminCommands(
        core.service, core.workers, store.queue, store.history, moderation, clock=core.clock
    )
    return ChatCommands(core.service, submission, admin, store.queue, store.history, texts, fps=fps)
