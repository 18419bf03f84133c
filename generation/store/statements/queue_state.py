"""The table of one row that says whether the queue is open."""

from __future__ import annotations

SET = "UPDATE queue_state SET mode = :mode, reason = :reason"

READ = "SELECT mode, reason FROM queue_state"

WITH_WAITING = """
SELECT mode, (SELECT count(*) FROM jobs WHERE status = 'queued') AS waiting FROM queue_state
"""
