-- The signing keys that several nodes share, sealed under a key that each of them has as a file.
CREATE TABLE sealed_keys (
    slot INTEGER PRIMARY KEY CHECK (slot = 1),  -- one set
    version INTEGER NOT NULL,
    sealed TEXT NOT NULL
) STRICT;
