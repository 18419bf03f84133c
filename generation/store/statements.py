"""The queue's transitions: each is one statement, whose WHERE is the state machine."""

from __future__ import annotations

from generation.store.quota import COUNTED, MINE

_MINE = "FROM jobs WHERE platform = :platform AND user = :user"

# The turn is start-time fair queueing: one after my own latest, but never behind the line's time.
PUT = f"""
INSERT INTO jobs (id, platform, user, request_key, request_digest, status, turn, created_at,
                  engine, cost, request, notes, address, delivery)
SELECT :id, :platform, :user, :key, :digest, 'queued',
       max(1 + coalesce((SELECT max(turn) {_MINE} AND (status = 'queued' OR attempt > 0)), 0),
           coalesce((SELECT max(turn) FROM jobs WHERE attempt > 0), 0)),
       :now, :engine, :cost, :request, :notes, :address, :delivery
WHERE (SELECT coalesce(after_pause, mode) FROM queue_state) <> 'draining'
  AND (SELECT count(*) FROM jobs WHERE status = 'queued') < :queue_size
  AND (:queued_per_user IS NULL OR :queued_per_user >
       (SELECT count(*) {_MINE} AND status IN ('queued', 'running')))
  AND (:per_hour IS NULL OR :per_hour >
       (SELECT count(*) {MINE} AND created_at > :hour AND {COUNTED}))
  AND (:per_day IS NULL OR :per_day >
       (SELECT count(*) {MINE} AND created_at > :day AND {COUNTED}))
ON CONFLICT (platform, user, request_key) WHERE request_key IS NOT NULL DO NOTHING
RETURNING id, turn, seq
"""

CLAIM = """
UPDATE jobs SET status = 'running', attempt = attempt + 1, started_at = :now, engine = :engine
WHERE seq = (SELECT seq FROM jobs WHERE status = 'queued' ORDER BY turn, seq LIMIT 1)
  AND (SELECT mode FROM queue_state) <> 'paused'
RETURNING *
"""

POSITION = """
SELECT me.cost AS cost, count(ahead.seq) AS ahead, total(ahead.cost) AS cost_ahead,
       (SELECT count(*) FROM jobs WHERE status = 'queued') AS length
FROM (SELECT turn, seq, cost FROM jobs WHERE id = :id AND status = 'queued') AS me
LEFT JOIN jobs AS ahead
    ON ahead.status = 'queued' AND (ahead.turn, ahead.seq) < (me.turn, me.seq)
GROUP BY me.seq
"""

_RUNNING = "WHERE id = :id AND attempt = :attempt AND status = 'running' RETURNING id"

RELEASE = f"UPDATE jobs SET status = 'queued', started_at = NULL {_RUNNING}"

CRASH = f"""
UPDATE jobs SET crashes = crashes + 1,
    status        = CASE WHEN crashes + 1 >= :limit THEN 'failed' ELSE 'queued' END,
    started_at    = CASE WHEN crashes + 1 >= :limit THEN started_at END,
    finished_at   = CASE WHEN crashes + 1 >= :limit THEN :now END,
    error_code    = CASE WHEN crashes + 1 >= :limit THEN 'engine_crashed' END,
    error_reason  = CASE WHEN crashes + 1 >= :limit THEN 'again_and_again' END
{_RUNNING}
"""

SUCCEED = f"""
UPDATE jobs SET status = 'succeeded', finished_at = :now, clip = :clip,
    render_seconds = :render_seconds, notes = :notes
{_RUNNING}
"""

FAIL = f"""
UPDATE jobs SET status = 'failed', finished_at = :now,
    error_code = :code, error_reason = :reason, error_facts = :facts
{_RUNNING}
"""

CANCEL = """
UPDATE jobs SET status = 'cancelled', finished_at = :now
WHERE id = :id AND status IN ('queued', 'running')
RETURNING started_at
"""
