-- Variations of one request, by the id of the first: told from each other without reading requests.
ALTER TABLE jobs ADD COLUMN asked_with TEXT;
UPDATE jobs SET asked_with = request ->> '$.variation.first'
WHERE json_valid(request) AND request ->> '$.variation.first' <> '';
CREATE INDEX jobs_variations ON jobs (asked_with) WHERE asked_with IS NOT NULL;

-- What somebody has in the queue and what they may still ask for is read from an index alone, and
-- their history is not looked through for it.
DROP INDEX jobs_active;
CREATE INDEX jobs_active ON jobs (platform, user, turn, kind, asked_with, id, status)
    WHERE status IN ('queued', 'running');
DROP INDEX jobs_by_requester;
CREATE INDEX jobs_by_requester ON jobs (platform, user, created_at, status, kind, started_at);

-- So is which turn was begun last, and on which engine.
DROP INDEX jobs_turns;
CREATE INDEX jobs_turns ON jobs (platform, user, turn, made_on, kind, attempt) WHERE attempt > 0;
DROP INDEX jobs_started;
CREATE INDEX jobs_started ON jobs (turn, made_on, kind, attempt) WHERE attempt > 0;

-- The first of those who need the same of an engine: one finds its own among ten thousand others.
CREATE INDEX jobs_needs ON jobs (needs, turn, seq, status, kind)
    WHERE status = 'queued' AND kind <> 'film';

-- What ended in the last hour or day is found by when it did, whoever made it.
DROP INDEX jobs_made_on;
CREATE INDEX jobs_ended ON jobs (finished_at, status, kind, made_on) WHERE finished_at IS NOT NULL;
