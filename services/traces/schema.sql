-- Times are microseconds since 1970 in UTC. Documents are kept as JSON, as they came; the columns beside a document
-- are what is searched and shown. A large column stands last, so that the others are read without it.
CREATE TABLE IF NOT EXISTS calls (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    parent_id TEXT,
    op_name TEXT,
    op TEXT,
    started INTEGER,
    ended INTEGER,
    status TEXT,
    service TEXT,
    prompt TEXT,
    usage TEXT,
    thread_id TEXT,
    turn_id TEXT,
    body TEXT NOT NULL,
    UNIQUE (project, id)
);
CREATE INDEX IF NOT EXISTS calls_of_trace ON calls (trace_id, parent_id, started);
CREATE INDEX IF NOT EXISTS calls_of_project ON calls (project, started);
CREATE INDEX IF NOT EXISTS calls_of_parent ON calls (project, parent_id);
CREATE INDEX IF NOT EXISTS calls_of_op ON calls (op, trace_id);

-- What a list of traces shows of each, kept up to date with every call that arrives.
CREATE TABLE IF NOT EXISTS traces (
    trace_id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    op TEXT NOT NULL,
    prompt TEXT,
    status TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    active INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    is_batch INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS traces_newest ON traces (started, trace_id);
CREATE INDEX IF NOT EXISTS traces_idle ON traces (active);

CREATE TABLE IF NOT EXISTS files (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    stored INTEGER NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (project, digest)
);
CREATE INDEX IF NOT EXISTS files_stored ON files (stored);

-- Which file is part of what; without a call, of an object or a table row, which are kept for good.
CREATE TABLE IF NOT EXISTS uses (
    project TEXT NOT NULL,
    digest TEXT NOT NULL,
    call INTEGER,
    role TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS uses_of_file ON uses (project, digest);
CREATE INDEX IF NOT EXISTS uses_of_call ON uses (call);

CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    object_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    base_class TEXT,
    leaf_class TEXT,
    created INTEGER NOT NULL,
    val TEXT NOT NULL,
    UNIQUE (project, object_id, digest)
);

CREATE TABLE IF NOT EXISTS labels (
    project TEXT NOT NULL,
    object_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (project, object_id, kind, name, digest)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS rows (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    digest TEXT NOT NULL,
    val TEXT NOT NULL,
    UNIQUE (project, digest)
);
CREATE TABLE IF NOT EXISTS tables (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    digest TEXT NOT NULL,
    UNIQUE (project, digest)
);
CREATE TABLE IF NOT EXISTS places (
    table_seq INTEGER NOT NULL,
    position INTEGER NOT NULL,
    row_seq INTEGER NOT NULL,
    PRIMARY KEY (table_seq, position)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS feedback (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    id TEXT NOT NULL,
    weave_ref TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (project, id)
);
CREATE INDEX IF NOT EXISTS feedback_of_ref ON feedback (project, weave_ref);

CREATE TABLE IF NOT EXISTS prices (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    id TEXT NOT NULL,
    model TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS prices_of_model ON prices (project, model);
