"""The table of questions that are about to be sent."""

from __future__ import annotations

_CHAT = "platform = :platform AND chat = :chat"

PUT = """
INSERT INTO intended_questions (platform, chat, asked, subject, user, about, created_at)
VALUES (:platform, :chat, :asked, :subject, :user, :about, :now)
ON CONFLICT (platform, chat, asked, subject) DO NOTHING
"""

ONE = f"""
SELECT about FROM intended_questions WHERE {_CHAT} AND asked = :asked AND subject = :subject
"""

ALL = f"""
SELECT about FROM intended_questions WHERE {_CHAT} AND asked = :asked
ORDER BY created_at DESC, rowid DESC
"""

DROP = f"DELETE FROM intended_questions WHERE {_CHAT} AND asked = :asked AND subject = :subject"

FORGET = "DELETE FROM intended_questions WHERE platform = :platform AND user = :user"

THIN = "DELETE FROM intended_questions WHERE created_at < :before"
