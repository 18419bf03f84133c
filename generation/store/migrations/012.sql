-- What we wrote to somebody, so that it can be taken back when they want to be forgotten.
CREATE TABLE sent_messages (
    platform TEXT NOT NULL,
    chat     INTEGER NOT NULL,
    message  INTEGER NOT NULL,
    user     TEXT NOT NULL,
    sent_at  REAL NOT NULL,
    PRIMARY KEY (platform, chat, message)
) STRICT;
CREATE INDEX sent_messages_of_user ON sent_messages (platform, user);
CREATE INDEX sent_messages_by_age ON sent_messages (sent_at);

-- How many answers to an update were begun, by chat: a kill must not have them said twice.
ALTER TABLE inbox ADD COLUMN answers TEXT;
