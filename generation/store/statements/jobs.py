"""The table of jobs. Each transition is one statement, whose WHERE is the state machine."""

from __future__ import annotations

from generation.store.statements import inbox

OF_USER = "platform = :platform AND user = :user"

# With those they had forgotten, or else `/forget` would undo the limits.
_OF_USER_OR_FORGOTTEN = "platform = :platform AND user IN (:user, :pseudonym)"

# Failures are ours and a request taken back before its start cost nothing: neither is counted.
_COUNTED = (
    "(status IN ('succeeded', 'queued', 'running') OR (status = 'cancelled' AND started_at > 0))"
)
# A film is one request and several clips: it counts at once, its scenes by the hour.
_IN_HOUR, _IN_DAY = (
    f"FROM jobs WHERE {_OF_USER_OR_FORGOTTEN} AND created_at > {start} AND created_at <= :soon "
    f"AND {_COUNTED} AND kind <> 'film'"
    for start in (":hour", ":day")
)
_ASKED = "kind <> 'scene'"
# Indexes by name, since the planner may find one of the whole history as good.
_OPEN = "FROM jobs INDEXED BY jobs_active WHERE status IN ('queued', 'running')"
_OPEN_OF_USER = f"{_OPEN} AND {OF_USER}"
_ACTIVE = f"{_OPEN_OF_USER} AND {_ASKED}"

# So are variations, which count once while any of them goes on.
_ACTIVE_REQUESTS = f"SELECT count(DISTINCT coalesce(asked_with, id)) {_ACTIVE}"

# Who waits for an engine; the partial index of the line has the same two terms.
WAITS = "status = 'queued' AND kind <> 'film'"

# Begun by an engine that shares this lane; rows without a name are from before there were several.
_BEGUN = (
    "attempt > 0 AND kind <> 'film'"
    " AND coalesce(made_on, '') NOT IN (SELECT value FROM json_each(:lane))"
)

# The turn is start-time fair queueing: one after my own latest, but never behind the line's time.
INSERT = f"""
INSERT INTO jobs (id, platform, user, request_key, request_digest, status, turn, created_at,
                  engine, cost, request, notes, address, delivery, needs, lane, kind, after,
                  asked_with)
SELECT :id, :platform, :user, :key, :digest, 'queued',
       max(1 + coalesce((SELECT max(turn) {_OPEN_OF_USER}
                         AND {WAITS} AND lane = :lane), 0),
           1 + coalesce((SELECT max(turn) FROM jobs WHERE {OF_USER} AND {_BEGUN}), 0),
           coalesce((SELECT max(turn) FROM jobs WHERE {_BEGUN}), 0)),
       :now, :engine, :cost, :request, :notes, :address, :delivery, :needs, :lane, :kind, :after,
       :asked_with
"""

PUT = f"""{INSERT}
WHERE (SELECT coalesce(after_pause, mode) FROM queue_state) <> 'draining'
  AND (SELECT count(*) FROM jobs WHERE {WAITS}) + :clips <= :queue_size
  AND (:queued_per_user IS NULL OR :queued_per_user >
       ({_ACTIVE_REQUESTS}))
  AND (:per_hour IS NULL AND :per_day IS NULL OR
       (SELECT (:per_hour IS NULL
                OR :per_hour >= :clips + count(*) FILTER (WHERE created_at > :hour))
           AND (:per_day IS NULL OR :per_day >= :clips + count(*))
        {_IN_DAY}))
  AND (:origin_bot IS NULL OR EXISTS ({inbox.STANDS}))
ON CONFLICT (platform, user, request_key) WHERE request_key IS NOT NULL DO NOTHING
RETURNING id, turn, seq
"""

NEXT_UP = f"SELECT * FROM jobs WHERE {WAITS} ORDER BY turn, seq LIMIT :count"

# Two ranges of an index: a comparison of pairs would be made row by row, at thrice the time.
_MINE = "(SELECT {column} FROM jobs WHERE id = :id)"
_AHEAD = f"(SELECT count(*) AS jobs, total(cost) AS cost FROM jobs WHERE {WAITS}"
_MY_TURN, _MY_SEQ = _MINE.format(column="turn"), _MINE.format(column="seq")

POSITION = f"""
SELECT me.cost AS cost, before.jobs + beside.jobs AS ahead,
       before.cost + beside.cost AS cost_ahead,
       (SELECT count(*) FROM jobs WHERE {WAITS}) AS length,
       (SELECT mode FROM queue_state) AS mode, (SELECT reason FROM queue_state) AS reason
FROM jobs AS me,
     {_AHEAD} AND turn < {_MY_TURN}) AS before,
     {_AHEAD} AND turn = {_MY_TURN} AND seq < {_MY_SEQ}) AS beside
WHERE me.id = :id AND me.status = 'queued' AND me.kind <> 'film'
"""

_RUNNING = "WHERE id = :id AND attempt = :attempt AND status = 'running' RETURNING id"

FAR = f"UPDATE jobs SET far_id = :far_id {_RUNNING}"

ON = f"UPDATE jobs SET made_on = :card {_RUNNING}"

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

# With a film end its scenes, as far as they have not: those of an ended film all have.
CANCEL = """
UPDATE jobs SET status = 'cancelled', finished_at = :now
WHERE status IN ('queued', 'running')
  AND (id = :id OR id IN (SELECT job FROM film_scenes WHERE film = :id))
RETURNING id, started_at
"""

RECOVER = (
    "UPDATE jobs SET status = 'queued', started_at = NULL WHERE status = 'running' RETURNING id"
)

PUT_BEFORE = f"""
SELECT id, turn, seq, request_digest, deleted_at FROM jobs WHERE {OF_USER} AND request_key = :key
"""

OWNED = "SELECT id FROM jobs WHERE id = :id AND attempt = :attempt AND status = 'running'"

# One row, since each row of many would be a struggle for the interpreter with everything else.
WAITING = f"""
SELECT group_concat(id) AS ids, group_concat(cost) AS costs,
       (SELECT mode FROM queue_state) AS mode, (SELECT reason FROM queue_state) AS reason
FROM (SELECT id, cost FROM jobs WHERE {WAITS} ORDER BY turn, seq)
"""

USAGE = f"""
SELECT
    ({_ACTIVE_REQUESTS}) AS active,
    (SELECT count(*) {_IN_HOUR}) AS hour_count,
    (SELECT count(*) {_IN_DAY}) AS day_count,
    (SELECT created_at {_IN_HOUR}
        ORDER BY created_at DESC LIMIT 1 OFFSET :hour_back) AS hour_oldest,
    (SELECT created_at {_IN_DAY}
        ORDER BY created_at DESC LIMIT 1 OFFSET :day_back) AS day_oldest
"""

ONE = "SELECT * FROM jobs WHERE id = :id AND deleted_at IS NULL"

OF_MESSAGE = """
SELECT * FROM jobs WHERE platform = :platform AND message = :message AND deleted_at IS NULL
"""

NEWEST_OF_USER = f"""
SELECT * FROM jobs WHERE {OF_USER} AND {_ASKED} AND deleted_at IS NULL AND seq < :seq
ORDER BY seq DESC LIMIT :limit
"""

OLDEST_OF_USER = f"""
SELECT * FROM jobs WHERE {OF_USER} AND {_ASKED} AND deleted_at IS NULL AND seq > :seq
ORDER BY seq LIMIT :limit
"""

MARK = "UPDATE jobs SET favorite = :favorite WHERE id = :id AND deleted_at IS NULL RETURNING id"

COUNT_OF_USER = f"""
SELECT count(*) AS jobs FROM jobs WHERE {OF_USER} AND {_ASKED} AND deleted_at IS NULL
"""

SHOWN_OF_USER = f"""
SELECT * FROM jobs WHERE {OF_USER} AND deleted_at IS NULL
    AND (message IS NOT NULL OR EXISTS (SELECT 1 FROM clip_messages WHERE job = jobs.id))
ORDER BY seq
"""

CLIPS_OF_USER = f"""
SELECT * FROM jobs WHERE {OF_USER} AND {_ASKED} AND deleted_at IS NULL AND status = 'succeeded'
ORDER BY seq DESC LIMIT :limit
"""

UNTOLD_OF_USER = f"""
SELECT count(*) AS jobs FROM jobs
WHERE {OF_USER} AND delivery = 'pending' AND finished_at IS NOT NULL
"""

PLACE_OF_USERS = f"SELECT seq FROM jobs WHERE id = :id AND {OF_USER}"

MADE_OF_USER = f"""
SELECT * FROM jobs WHERE {OF_USER} AND deleted_at IS NULL AND clip ->> '$.size' = :size
ORDER BY seq DESC LIMIT 20
"""

ACTIVE = f"""
SELECT * {_OPEN} AND {_ASKED}
ORDER BY status = 'queued', turn, seq
LIMIT :limit OFFSET :skip
"""

ACTIVE_OF_USER = f"SELECT * {_ACTIVE} ORDER BY status = 'queued', turn, seq"

ENDED_OF_USER_SINCE = f"""
SELECT * FROM jobs WHERE {OF_USER} AND {_ASKED} AND deleted_at IS NULL AND finished_at > :since
ORDER BY finished_at DESC LIMIT 100
"""

DELETED_OF_USER_SINCE = f"""
SELECT id FROM jobs WHERE {OF_USER} AND {_ASKED} AND deleted_at > :since
ORDER BY deleted_at DESC LIMIT 100
"""

TIMINGS = """
SELECT cost, render_seconds FROM jobs
WHERE status = 'succeeded' AND engine = :engine AND render_seconds > 0 AND finished_at <= :soon
ORDER BY finished_at DESC LIMIT :last
"""

# Names alone, found here: ten thousand requests are not read for them.
_INPUTS = """
SELECT DISTINCT atom AS name
FROM jobs, json_tree(iif(json_valid(request), request, '{}')) AS part
WHERE part.key IN ('image', 'end_image', 'extends', 'upscales') AND part.type = 'text'
"""

NEEDED_INPUTS = f"{_INPUTS} AND jobs.status IN ('queued', 'running')"

OWNED_INPUTS = f"{_INPUTS} AND jobs.created_at > :since AND jobs.deleted_at IS NULL"

COUNTS = f"""
SELECT (SELECT count(*) FROM jobs WHERE {WAITS}) AS queued,
       (SELECT count(*) FROM jobs INDEXED BY jobs_running
        WHERE status = 'running' AND kind <> 'film') AS running,
       (SELECT count(*) {_OPEN} AND {_ASKED}) AS asked
"""

CLIPS_BY_ENGINE = """
SELECT made_on, count(*) AS clips FROM jobs
WHERE status = 'succeeded' AND finished_at > :moment AND finished_at <= :soon
  AND made_on IS NOT NULL
GROUP BY made_on
"""

ENDED_SINCE = """
SELECT status, count(*) AS jobs FROM jobs
WHERE finished_at > :moment AND finished_at <= :soon AND kind <> 'film' GROUP BY status
"""
