"""SQL of variations: which clips were asked for at once."""

from __future__ import annotations

MOST = 4
"""Of one request."""

# They were put in one transaction, so that their numbers are next to each other.
OF = f"""
SELECT one.id FROM jobs AS me
JOIN jobs AS one ON one.seq BETWEEN me.seq - {MOST} AND me.seq + {MOST}
WHERE me.id = :id AND one.deleted_at IS NULL AND json_valid(one.request)
  AND one.request ->> '$.variation.first' = :first
ORDER BY one.seq
"""
