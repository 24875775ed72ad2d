-- Authorization requests that clients sent ahead (RFC 9126). Used up when the sign-in that it began
-- has led to a code, not when a browser first comes with it.
CREATE TABLE pushed_request (
    number     INTEGER PRIMARY KEY,
    hash_key   INTEGER NOT NULL,
    hash       BLOB NOT NULL,
    client     TEXT NOT NULL,
    parameters TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    kept_until INTEGER NOT NULL,
    used       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX pushed_request_by_hash ON pushed_request (hash_key);
CREATE INDEX pushed_request_by_expiry ON pushed_request (kept_until);

-- What was granted beside the scope (RFC 9396), a JSON list; empty: nothing.
ALTER TABLE code ADD COLUMN details_json TEXT NOT NULL DEFAULT '';
ALTER TABLE token_family ADD COLUMN details_json TEXT NOT NULL DEFAULT '';
