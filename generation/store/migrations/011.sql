-- The name under which a platform keeps the clip that it was sent: so that nothing goes up twice.
ALTER TABLE jobs ADD COLUMN file TEXT;
