"""The table of what somebody chose last."""

from __future__ import annotations

_OF_USER = "platform = :platform AND user = :user"

PUT = """
INSERT INTO last_choices (platform, user, choice, chosen_at)
VALUES (:platform, :user, :choice, :now)
ON CONFLICT (platform, user) DO UPDATE SET choice = excluded.choice, chosen_at = excluded.chosen_at
"""

ONE = f"SELECT choice FROM last_choices WHERE {_OF_USER}"

FORGET = f"DELETE FROM last_choices WHERE {_OF_USER}"

THIN = "DELETE FROM last_choices WHERE chosen_at < :before"
