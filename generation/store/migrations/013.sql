-- What somebody chose last where options are tapped instead of written.
CREATE TABLE last_choices (
    platform  TEXT NOT NULL,
    user      TEXT NOT NULL,
    choice    TEXT NOT NULL,
    chosen_at REAL NOT NULL,
    PRIMARY KEY (platform, user)
) STRICT;
