-- Pages of somebody's jobs, read in order and without a sort.
CREATE INDEX jobs_pages ON jobs (platform, user, seq) WHERE deleted_at IS NULL;
