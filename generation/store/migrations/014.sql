-- Other messages that show a job's clip: what somebody had shown again, and where it is mirrored.
CREATE TABLE clip_messages (
    job      TEXT NOT NULL,
    platform TEXT NOT NULL,
    chat     INTEGER NOT NULL,
    message  INTEGER NOT NULL,
    PRIMARY KEY (platform, chat, message)
) STRICT;
CREATE INDEX clip_messages_by_job ON clip_messages (job);

-- Until now what nobody could be handed kept the key with which it was to be sent.
UPDATE jobs SET address = json_remove(address, '$.token', '$.expires')
WHERE platform = 'discord' AND delivery <> 'pending' AND json_valid(address);

-- What those who run a server or a group have decided for it.
CREATE TABLE place_settings (
    place    TEXT PRIMARY KEY,
    settings TEXT NOT NULL
) STRICT;
