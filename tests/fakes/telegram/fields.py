"""A request's fields as they come over the wire, and what staff may do."""

from __future__ import annotations

import json
from typing import Any

NUMBERED = {"message_id", "chat_id", "message_thread_id", "duration", "width", "height"}

OBJECTS = {"reply_markup", "reply_parameters", "commands", "allowed_updates", "entities"}

RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def decoded(fields: dict[str, Any]) -> dict[str, Any]:
    """Forms carry everything as text; numbers and objects are read back."""

    def value(name: str, text: Any) -> Any:
        if not isinstance(text, str):
            return text
        if name in NUMBERED or name == "user_id":
            return int(text)
        if name in OBJECTS:
            return json.loads(text)
        return text

    return {name: value(name, text) for name, text in fields.items()}


def member(user: int, *, staff: bool) -> dict[str, Any]:
    """Somebody as a chat's member."""
    author = {"id": user, "is_bot": False, "first_name": "x"}
    if not staff:
        return {"status": "member", "user": author}
    return {"status": "administrator", "user": author, **dict.fromkeys(RIGHTS, True)}
