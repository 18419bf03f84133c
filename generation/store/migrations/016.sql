-- A question of ours as it is before it is sent: where the answer is lost nobody tells its number.
CREATE TABLE intended_questions (
    platform   TEXT NOT NULL,
    chat       INTEGER NOT NULL,
    asked      TEXT NOT NULL,
    subject    TEXT NOT NULL,
    user       TEXT NOT NULL,
    about      TEXT NOT NULL,
    created_at REAL NOT NULL,
    PRIMARY KEY (platform, chat, asked, subject)
) STRICT;
CREATE INDEX intended_questions_by_age ON intended_questions (created_at);
CREATE INDEX intended_questions_of_user ON intended_questions (platform, user);

-- Since when a reference's chat has another number: newer messages there have numbers of their own.
ALTER TABLE message_references ADD COLUMN moved_at REAL;

-- Whether a status message has begun to go out: where none has, it comes after a restart.
ALTER TABLE jobs ADD COLUMN announced INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET announced = 1 WHERE delivery = 'pending';
