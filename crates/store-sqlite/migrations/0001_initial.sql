-- Plain SQL that PostgreSQL takes with BYTEA for BLOB and BIGINT GENERATED … AS IDENTITY for INTEGER PRIMARY KEY.
-- Columns hold the clear header of a case and nothing more; what people wrote is in `bodies.sealed` and in files, sealed.
-- Moments are seconds since 1970; those of reporters are full hours.

CREATE TABLE channels (
    channel TEXT PRIMARY KEY NOT NULL,
    serial BIGINT NOT NULL,
    payload_sha256 BLOB NOT NULL,
    manifest TEXT NOT NULL,
    envelope TEXT NOT NULL,
    embed_origins TEXT NOT NULL
);

-- Every manifest that was in force, for as long as reports may refer to it.
CREATE TABLE manifests (
    channel TEXT NOT NULL REFERENCES channels (channel),
    serial BIGINT NOT NULL,
    payload_sha256 BLOB NOT NULL,
    recipients TEXT NOT NULL,
    replaced_at BIGINT,
    PRIMARY KEY (channel, serial)
);

CREATE TABLE reviewers (
    reviewer TEXT PRIMARY KEY NOT NULL,
    place BIGINT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL
);

CREATE TABLE keyring (
    reviewer TEXT NOT NULL,
    channel TEXT NOT NULL REFERENCES channels (channel),
    reader_group TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (reviewer, channel, reader_group, epoch)
);

CREATE TABLE challenges (
    sha256 BLOB PRIMARY KEY NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY NOT NULL,
    reviewer TEXT NOT NULL REFERENCES reviewers (reviewer) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_reviewer ON sessions (reviewer);

-- The bytes are in `uploads/{upload}`, of which the first `received` count.
CREATE TABLE uploads (
    upload BLOB PRIMARY KEY NOT NULL,
    channel TEXT NOT NULL REFERENCES channels (channel),
    token_hash BLOB NOT NULL,
    length BIGINT NOT NULL,
    received BIGINT NOT NULL,
    sha256 BLOB,
    claimed SMALLINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);

-- `num` joins within the database only and never leaves it. `queue_rank` is 0 for urgent cases and 1 for others; `due_at`
-- is the largest number where nothing is due. The two and the case are the order of lists.
CREATE TABLE cases (
    num INTEGER PRIMARY KEY,
    case_id BLOB NOT NULL UNIQUE,
    channel TEXT NOT NULL REFERENCES channels (channel),
    token_hash BLOB NOT NULL,
    request_sha256 BLOB NOT NULL,
    queue_rank SMALLINT NOT NULL,
    state TEXT NOT NULL,
    is_open SMALLINT NOT NULL,
    assignee TEXT,
    due_at BIGINT NOT NULL,
    stages TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    events BIGINT NOT NULL,
    head BLOB NOT NULL,
    acknowledgement TEXT NOT NULL
);
CREATE INDEX cases_in_order ON cases (queue_rank, due_at, case_id);
CREATE INDEX cases_open_in_order ON cases (is_open, queue_rank, due_at, case_id);

-- `record` is the event's header and hash as JSON.
CREATE TABLE events (
    case_num BIGINT NOT NULL REFERENCES cases (num),
    sequence BIGINT NOT NULL,
    record TEXT NOT NULL,
    author_scope TEXT NOT NULL,
    request_sha256 BLOB NOT NULL,
    idempotency_key TEXT,
    acknowledgement TEXT,
    PRIMARY KEY (case_num, sequence)
);
CREATE UNIQUE INDEX events_by_key ON events (case_num, author_scope, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE bodies (
    num INTEGER PRIMARY KEY,
    case_num BIGINT NOT NULL REFERENCES cases (num),
    sequence BIGINT NOT NULL,
    part TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    sealed BLOB NOT NULL
);
CREATE INDEX bodies_by_hash ON bodies (case_num, sha256);

-- The bytes are in `blobs/{file}`. Named after the upload, not by hash: two cases never share a file, so that nothing about
-- one shows in the other.
CREATE TABLE blobs (
    case_num BIGINT NOT NULL REFERENCES cases (num),
    sequence BIGINT NOT NULL,
    place BIGINT NOT NULL,
    sha256 BLOB NOT NULL,
    size BIGINT NOT NULL,
    file TEXT NOT NULL UNIQUE,
    PRIMARY KEY (case_num, sequence, place)
);
CREATE INDEX blobs_by_hash ON blobs (case_num, sha256);
