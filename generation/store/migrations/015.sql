-- With it the whole line is read from the index alone, ids included.
DROP INDEX jobs_waiting;
CREATE INDEX jobs_waiting ON jobs (turn, seq, cost, id, status) WHERE status = 'queued';

-- What is to be handed over is asked for every second, by platform: those who wait stay unread.
DROP INDEX jobs_undelivered;
CREATE INDEX jobs_undelivered ON jobs (platform, finished_at) WHERE delivery = 'pending';
