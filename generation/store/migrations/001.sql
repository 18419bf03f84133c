-- The queue and its history are one table: a job never moves, its status does.
CREATE TABLE jobs (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    platform       TEXT NOT NULL,
    user           TEXT NOT NULL,
    request_key    TEXT,
    request_digest TEXT,
    status         TEXT NOT NULL
        CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    turn           INTEGER NOT NULL,
    attempt        INTEGER NOT NULL DEFAULT 0,
    crashes        INTEGER NOT NULL DEFAULT 0,
    created_at     REAL NOT NULL,
    started_at     REAL,
    finished_at    REAL,
    engine         TEXT NOT NULL,
    cost           REAL NOT NULL,
    render_seconds REAL,
    request        TEXT NOT NULL,
    clip           TEXT,
    error_code     TEXT,
    error_message  TEXT,
    notes          TEXT NOT NULL DEFAULT '[]',
    address        TEXT,
    message        TEXT,
    delivery       TEXT NOT NULL
        CHECK (delivery IN ('none', 'pending', 'delivered', 'undeliverable')),
    delivery_tries INTEGER NOT NULL DEFAULT 0,
    next_try_at    REAL NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX jobs_request_key ON jobs (platform, user, request_key)
    WHERE request_key IS NOT NULL;
-- Covering: the place and the work ahead of it are sums over this index alone.
CREATE INDEX jobs_waiting ON jobs (turn, seq, cost, status) WHERE status = 'queued';
CREATE INDEX jobs_running ON jobs (seq) WHERE status = 'running';
CREATE INDEX jobs_started ON jobs (turn) WHERE attempt > 0;
CREATE INDEX jobs_turns ON jobs (platform, user, turn) WHERE status = 'queued' OR attempt > 0;
CREATE INDEX jobs_active ON jobs (platform, user) WHERE status IN ('queued', 'running');
CREATE INDEX jobs_by_requester ON jobs (platform, user, created_at);
CREATE INDEX jobs_timings ON jobs (engine, finished_at) WHERE status = 'succeeded';
CREATE INDEX jobs_undelivered ON jobs (next_try_at) WHERE delivery = 'pending';

-- open: as usual; paused: nothing is claimed; draining: nothing new is accepted.
CREATE TABLE queue_state (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    mode TEXT NOT NULL CHECK (mode IN ('open', 'paused', 'draining'))
) STRICT;
INSERT INTO queue_state VALUES (1, 'open');
