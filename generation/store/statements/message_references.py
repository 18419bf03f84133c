"""The table of what a message in a chat is about."""

from __future__ import annotations

_CHAT = "platform = :platform AND chat = :chat"

PUT = """
INSERT INTO message_references (platform, chat, message, user, about, open, created_at)
VALUES (:platform, :chat, :message, :user, :about, :open, :now)
ON CONFLICT (platform, chat, message) DO UPDATE SET
    user = excluded.user, about = excluded.about, open = excluded.open, used_by = NULL,
    created_at = excluded.created_at, moved_at = NULL
WHERE moved_at IS NOT NULL
"""

# What has moved was written before the move: a newer message of that number is another one.
ONE = f"""
SELECT about FROM message_references
WHERE {_CHAT} AND message = :message AND (moved_at IS NULL OR moved_at >= :written_at)
"""

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
UPDATE OR IGNORE message_references SET chat = :to, moved_at = :now
WHERE platform = :platform AND chat = :chat
"""

FORGET = "DELETE FROM message_references WHERE platform = :platform AND user = :user"

THIN = "DELETE FROM message_references WHERE created_at < :before"
