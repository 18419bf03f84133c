"""The table of who is refused, and until when."""

from __future__ import annotations

# A block for a time whose beginning lies in a future that turned out wrong has no end to trust.
LONGEST = """
SELECT identity, until FROM blocks
WHERE identity IN (SELECT value FROM json_each(:identities))
  AND (until IS NULL OR (until > :now AND created_at <= :soon))
ORDER BY until IS NULL DESC, until DESC LIMIT 1
"""

PUT = """
INSERT INTO blocks VALUES (:identity, :now, :until)
ON CONFLICT (identity) DO UPDATE SET created_at = excluded.created_at, until = excluded.until
"""

REMOVE = "DELETE FROM blocks WHERE identity = :identity RETURNING identity"
