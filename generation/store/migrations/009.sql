-- What came from a chat and has not been dealt with yet. Of what has been, the number alone is
-- kept for a while, so that the same update is not taken twice.
CREATE TABLE inbox (
    bot         TEXT NOT NULL,
    number      INTEGER NOT NULL,
    platform    TEXT NOT NULL,
    user        TEXT,
    content     TEXT,
    tries       INTEGER NOT NULL DEFAULT 0,
    received_at REAL NOT NULL,
    PRIMARY KEY (bot, number)
) STRICT;
CREATE INDEX inbox_waiting ON inbox (bot, number) WHERE content IS NOT NULL;
CREATE INDEX inbox_by_age ON inbox (received_at);

-- What a message in a chat is about, where the message does not say it: our question about a
-- picture. `used_by` is the message that answered it.
CREATE TABLE message_references (
    platform   TEXT NOT NULL,
    chat       INTEGER NOT NULL,
    message    INTEGER NOT NULL,
    user       TEXT NOT NULL,
    about      TEXT NOT NULL,
    open       INTEGER NOT NULL,
    used_by    INTEGER,
    created_at REAL NOT NULL,
    PRIMARY KEY (platform, chat, message)
) STRICT;
CREATE INDEX message_references_by_age ON message_references (created_at);
CREATE INDEX jobs_by_message ON jobs (platform, message) WHERE message IS NOT NULL;
