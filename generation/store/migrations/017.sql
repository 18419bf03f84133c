-- Several engines: what a job needs of one, which of them share its turns, who makes it, and the id
-- that a server far away gave it, by which it is found again.
ALTER TABLE jobs ADD COLUMN needs   TEXT NOT NULL DEFAULT '[]';
ALTER TABLE jobs ADD COLUMN lane    TEXT NOT NULL DEFAULT '[]';
ALTER TABLE jobs ADD COLUMN made_on TEXT;
ALTER TABLE jobs ADD COLUMN far_id  TEXT;
CREATE INDEX jobs_made_on ON jobs (made_on, finished_at) WHERE status = 'succeeded';
