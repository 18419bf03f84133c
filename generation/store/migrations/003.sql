-- Why the queue does not go on: what whoever asks is told.
ALTER TABLE queue_state ADD COLUMN reason TEXT;
