-- Wrong passwords as all nodes together count them: each adds what it has counted and reads what
-- the others have. Whom a row is about nobody reads here: keyed hashes.
CREATE TABLE guess_count (
    name            BLOB PRIMARY KEY,
    wrong           INTEGER NOT NULL,
    wrong_of_known  INTEGER NOT NULL,
    running         INTEGER NOT NULL,   -- places that were reserved before a password is tried
    last_wrong      INTEGER NOT NULL,
    last_of_known   INTEGER NOT NULL,
    last_reserved   INTEGER NOT NULL,
    began_at        INTEGER NOT NULL,   -- when it was last nothing
    kept_until      INTEGER NOT NULL,
    version         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX guess_count_by_version ON guess_count (version);
CREATE INDEX guess_count_by_end ON guess_count (kept_until);

CREATE TABLE guess_version (
    name    TEXT PRIMARY KEY,   -- one row
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The nodes that take sign-ins, as each of them says of itself.
CREATE TABLE node (
    name    TEXT PRIMARY KEY,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
