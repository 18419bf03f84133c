"""The table of what we wrote to whom."""

from __future__ import annotations

NOTE = """
INSERT INTO sent_messages (platform, chat, message, user, sent_at)
VALUES (:platform, :chat, :message, :user, :now)
ON CONFLICT (platform, chat, message) DO NOTHING
"""

OF_USER = """
SELECT chat, message, sent_at FROM sent_messages
WHERE platform = :platform AND user = :user ORDER BY chat, message
"""

FORGET = "DELETE FROM sent_messages WHERE platform = :platform AND user = :user"

THIN = "DELETE FROM sent_messages WHERE sent_at < :before"
