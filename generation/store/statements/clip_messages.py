"""The table of messages that show a clip beside the one that was its delivery."""

from __future__ import annotations

ADD = """
INSERT INTO clip_messages (job, platform, chat, message)
SELECT :job, :platform, :chat, :message
WHERE EXISTS (SELECT 1 FROM jobs WHERE id = :job AND deleted_at IS NULL)
ON CONFLICT (platform, chat, message) DO UPDATE SET job = excluded.job
RETURNING message
"""

OF_JOB = "SELECT platform, chat, message FROM clip_messages WHERE job = :job ORDER BY message"

FORGET = """
DELETE FROM clip_messages
WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE id = clip_messages.job AND deleted_at IS NULL)
"""
"""Those of jobs that are empty now."""
