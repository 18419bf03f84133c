"""The table of what was written into places that take only so much a minute."""

from __future__ import annotations

REMOVE_OLD = "DELETE FROM sends WHERE sent_at <= :old OR sent_at > :soon"

ADD = "INSERT INTO sends VALUES (:place, :now)"

RECENT = "SELECT place, sent_at FROM sends WHERE sent_at > :old AND sent_at <= :soon ORDER BY rowid"
