-- A pause that the program made by itself: what the queue goes back to when its cause is gone.
ALTER TABLE queue_state ADD COLUMN after_pause TEXT
    CHECK (after_pause IN ('open', 'draining'));
-- Rows by age: which pictures of the last days belong to somebody, and which rows are thinned.
CREATE INDEX jobs_by_age ON jobs (created_at);
