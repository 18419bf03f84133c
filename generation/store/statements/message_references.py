"""The table of what a message in a chat is about."""

from __future__ import annotations

_CHAT = "platform = :platform AND chat = :chat"

PUT = """
INSERT INTO message_references (platform, chat, message, user, about, open, created_at)
VALUES (:platform, :chat, :message, :user, :about, :open, :now)
ON CONFLICT (platform, chat, message) DO NOTHING
"""

ONE = f"SELECT about FROM message_references WHERE {_CHAT} AND message = :message"

REPEATED = f"""
SELECT 1 FROM message_references WHERE {_CHAT} AND message <> :message AND about = :about LIMIT 1
"""

# The newest decides: with a newer one that was answered, an older one is not what is meant.
OPEN = f"""
SELECT about FROM (
    SELECT about, used_by FROM message_references
    WHERE {_CHAT} AND open AND created_at > :since ORDER BY message DESC LIMIT 1
) WHERE used_by IS NULL OR used_by = :message
"""

USE = f"UPDATE message_references SET used_by = :message WHERE {_CHAT} AND open AND used_by IS NULL"

USE_ONE = f"UPDATE message_references SET used_by = :by WHERE {_CHAT} AND message = :message"

MOVE = """
UPDATE OR REPLACE message_references SET chat = :to WHERE platform = :platform AND chat = :chat
"""

FORGET = "DELETE FROM message_references WHERE platform = :platform AND user = :user"

THIN = "DELETE FROM message_references WHERE created_at < :before"
