-- A film is a job whose clip is joined from its scenes, which are jobs like all others; a scene may
-- go on from the one that has to end before it.
ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT 'clip'
    CHECK (kind IN ('clip', 'scene', 'film'));
ALTER TABLE jobs ADD COLUMN after TEXT;

CREATE TABLE film_scenes (
    film  TEXT NOT NULL,
    place INTEGER NOT NULL,
    job   TEXT NOT NULL,
    PRIMARY KEY (film, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX film_scenes_by_job ON film_scenes (job);

-- No engine makes a film: it takes no place in the line.
DROP INDEX jobs_waiting;
CREATE INDEX jobs_waiting ON jobs (turn, seq, cost, id, status, kind)
    WHERE status = 'queued' AND kind <> 'film';
CREATE INDEX jobs_films ON jobs (seq) WHERE status = 'queued' AND kind = 'film';
