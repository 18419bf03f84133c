"""SQL by which an engine gets its next job: the first in fair order of those that it can make."""

from __future__ import annotations

from generation.store.statements.jobs import WAITS


def _makes(features: str) -> str:
    return (
        "NOT EXISTS (SELECT 1 FROM json_each(kinds.needs) AS need"
        f" WHERE need.value NOT IN (SELECT value FROM json_each({features})))"
    )


# Each kind of need among those who wait, one step of an index a kind.
_NEEDS = f"""
WITH RECURSIVE kinds(needs) AS (
    SELECT min(needs) FROM jobs WHERE {WAITS}
    UNION ALL
    SELECT (SELECT min(needs) FROM jobs WHERE {WAITS} AND needs > kinds.needs)
    FROM kinds WHERE kinds.needs IS NOT NULL)
"""

# The first in fair order that this engine can make; what began elsewhere far away stays there
# while it is there, and what nobody can make whole is anybody's. Who waits for others is not
# looked at one by one: of each kind of need the first is.
CLAIM = f"""
UPDATE jobs SET status = 'running', attempt = attempt + 1, started_at = :now, engine = :kind,
    far_id = CASE WHEN made_on = :name THEN far_id END, made_on = :name
WHERE seq = (
    {_NEEDS}
    SELECT first.seq FROM kinds JOIN jobs AS first ON first.seq = (
        SELECT seq FROM jobs
        WHERE {WAITS} AND needs = kinds.needs
          AND (after IS NULL OR NOT EXISTS (
               SELECT 1 FROM jobs AS before
               WHERE before.id = jobs.after AND before.status IN ('queued', 'running')))
          AND (far_id IS NULL OR made_on NOT IN (SELECT value FROM json_each(:holding)))
        ORDER BY turn, seq LIMIT 1)
    WHERE kinds.needs = '[]' OR {_makes(":features")} OR NOT EXISTS (
          SELECT 1 FROM json_each(:others) AS other WHERE {_makes("other.value")})
    ORDER BY first.turn, first.seq LIMIT 1)
  AND (SELECT mode FROM queue_state) <> 'paused'
RETURNING *
"""
