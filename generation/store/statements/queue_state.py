"""The table of one row that says whether the queue is open."""

from __future__ import annotations

SET = "UPDATE queue_state SET mode = :mode, reason = :reason, after_pause = NULL"

HOLD = """
UPDATE queue_state SET mode = 'paused', reason = :reason, after_pause = mode
WHERE mode <> 'paused' RETURNING one
"""

RESUME_HELD = """
UPDATE queue_state SET mode = after_pause, reason = NULL, after_pause = NULL
WHERE after_pause IS NOT NULL RETURNING one
"""

READ = "SELECT mode, reason FROM queue_state"

WITH_WAITING = """
SELECT coalesce(after_pause, mode) AS mode,
       (SELECT count(*) FROM jobs WHERE status = 'queued' AND kind <> 'film') AS waiting
FROM queue_state
"""
