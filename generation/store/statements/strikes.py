"""The table of refused prompts that are held against somebody for a day."""

from __future__ import annotations

REMOVE_OLD = "DELETE FROM strikes WHERE created_at <= :old OR created_at > :soon"

ADD = "INSERT INTO strikes VALUES (:identity, :now)"

COUNT = "SELECT count(*) AS strikes FROM strikes WHERE identity = :identity"

REMOVE = "DELETE FROM strikes WHERE identity = :identity"
