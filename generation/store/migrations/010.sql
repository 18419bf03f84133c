-- What was written where in the last minute: a platform counts it also when we are started anew.
CREATE TABLE sends (
    place   TEXT NOT NULL,
    sent_at REAL NOT NULL
) STRICT;
