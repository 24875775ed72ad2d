-- What must reach somebody outside. The sequence is never given twice: what speaks of an entry that
-- is gone must not meet another one.
CREATE TABLE outbox (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    topic        TEXT NOT NULL,
    lane         TEXT NOT NULL,
    payload_json TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    last_error   TEXT NOT NULL DEFAULT '',
    dead_at      INTEGER NOT NULL DEFAULT 0    -- 0: it lives
) STRICT;
CREATE INDEX outbox_living ON outbox (topic, lane, sequence) WHERE dead_at = 0;
CREATE INDEX outbox_dead ON outbox (sequence) WHERE dead_at <> 0;

-- Who may do what only one node may do. A row stays for good: it remembers the fence.
CREATE TABLE lease (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,                      -- empty: released
    fence  INTEGER NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
