-- A member's directory while somebody sets it up: what they have entered so far.
CREATE TABLE set_up (
    member     TEXT PRIMARY KEY NOT NULL,
    document   TEXT NOT NULL,           -- the member's document as it would be
    tested_at  INTEGER NOT NULL,        -- the last test that found nothing wrong; 0: not since the last change
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
