"""SQL of variations: which clips were asked for at once."""

from __future__ import annotations

_TIED = "one.asked_with = :first AND one.deleted_at IS NULL AND json_valid(one.request)"

OF = f"""
SELECT one.id, one.request ->> '$.variation.number' AS number FROM jobs AS one
WHERE {_TIED} AND NOT coalesce(one.request ->> '$.in_full', 0)
"""

# Those were asked for later, by the same person, whose history is not looked through for them; the
# newest of each comes last.
IN_FULL = f"""
SELECT one.id, one.request ->> '$.variation.number' AS number FROM jobs AS me
JOIN jobs AS one INDEXED BY jobs_variations ON one.platform = me.platform AND one.user = me.user
WHERE me.id = :id AND {_TIED} AND one.request ->> '$.in_full'
  AND (one.status NOT IN ('failed', 'cancelled') OR one.id = :id)
ORDER BY one.seq
"""
