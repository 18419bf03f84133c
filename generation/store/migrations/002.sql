-- A deleted job keeps its place in the counts and loses what it was about.
ALTER TABLE jobs ADD COLUMN deleted_at REAL;

-- The operator's records: they stay when a person has everything of theirs deleted.
CREATE TABLE blocks (
    identity   TEXT PRIMARY KEY,
    created_at REAL NOT NULL,
    until      REAL
) STRICT;

CREATE TABLE strikes (
    identity   TEXT NOT NULL,
    created_at REAL NOT NULL
) STRICT;
CREATE INDEX strikes_by_identity ON strikes (identity, created_at);

CREATE TABLE audit (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at REAL NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    subject    TEXT NOT NULL
) STRICT;
