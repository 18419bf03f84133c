"""SQL of variations: which clips were asked for at once."""

from __future__ import annotations

MOST = 4
"""Of one request."""

_TIED = """one.deleted_at IS NULL AND json_valid(one.request)
  AND one.request ->> '$.variation.first' = :first"""

# They were put in one transaction, so that their numbers are next to each other.
OF = f"""
SELECT one.id, one.request ->> '$.variation.number' AS number FROM (
    SELECT coalesce((SELECT seq FROM jobs WHERE id = :first), seq) AS start
    FROM jobs WHERE id = :id) AS me
JOIN jobs AS one ON one.seq BETWEEN me.start - {MOST} AND me.start + {MOST}
WHERE {_TIED} AND NOT coalesce(one.request ->> '$.in_full', 0)
"""

# Those were asked for later, by the same person; the newest of each comes last.
IN_FULL = f"""
SELECT one.id, one.request ->> '$.variation.number' AS number FROM jobs AS me
JOIN jobs AS one ON one.platform = me.platform AND one.user = me.user
    AND one.seq > (SELECT seq FROM jobs WHERE id = :first)
WHERE me.id = :id AND {_TIED} AND one.request ->> '$.in_full'
  AND (one.status NOT IN ('failed', 'cancelled') OR one.id = :id)
ORDER BY one.seq
"""
