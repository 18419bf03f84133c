-- A mark of the requester's own.
ALTER TABLE jobs ADD COLUMN favorite INTEGER NOT NULL DEFAULT 0 CHECK (favorite IN (0, 1));
