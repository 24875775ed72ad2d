-- Times are milliseconds since 1970, hashes raw bytes, string lists separated by one space.
-- Wide tables keep the rows in order of arrival, so that the rows of one commit share pages.
-- A hash is found by `*_key`, its first eight bytes as a number: a quarter of the index, and what
-- it finds is compared in full. Each further index on a random value costs every writer a page.

CREATE TABLE person (
    member     TEXT NOT NULL,
    directory  TEXT NOT NULL,   -- the directory's immutable id
    id         TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    PRIMARY KEY (member, directory)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX person_by_id ON person (id);

CREATE TABLE session (
    number           INTEGER PRIMARY KEY,
    id               TEXT NOT NULL,
    secret_key       INTEGER NOT NULL,
    secret_hash      BLOB NOT NULL,
    person           TEXT NOT NULL,
    member           TEXT NOT NULL,
    directory        TEXT NOT NULL,
    identity_json    TEXT NOT NULL,
    authenticated_at INTEGER NOT NULL,
    amr              TEXT NOT NULL,
    acr              TEXT NOT NULL,
    created_at       INTEGER NOT NULL,
    last_used_at     INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    user_agent       TEXT NOT NULL,
    address          TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX session_by_id ON session (id);
CREATE INDEX session_by_secret ON session (secret_key);
CREATE INDEX session_by_person ON session (person);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE session_client (
    session TEXT NOT NULL,
    client  TEXT NOT NULL,
    PRIMARY KEY (session, client)
) STRICT, WITHOUT ROWID;

CREATE TABLE code (
    number           INTEGER PRIMARY KEY,
    hash_key         INTEGER NOT NULL,
    hash             BLOB NOT NULL,
    used             INTEGER NOT NULL DEFAULT 0,   -- stays until it expires, to notice a replay
    family           TEXT NOT NULL,
    client           TEXT NOT NULL,
    person           TEXT NOT NULL,
    member           TEXT NOT NULL,
    directory        TEXT NOT NULL,
    session          TEXT NOT NULL,
    scope            TEXT NOT NULL,
    claims_json      TEXT NOT NULL,
    identity_json    TEXT NOT NULL,
    authenticated_at INTEGER NOT NULL,
    amr              TEXT NOT NULL,
    acr              TEXT NOT NULL,
    redirect_uri     TEXT NOT NULL,
    challenge        TEXT NOT NULL,
    nonce            TEXT NOT NULL,
    expires_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX code_by_hash ON code (hash_key);
CREATE INDEX code_by_expiry ON code (expires_at);

CREATE TABLE token_family (
    number           INTEGER PRIMARY KEY,
    family           TEXT NOT NULL,
    client           TEXT NOT NULL,
    person           TEXT NOT NULL,
    member           TEXT NOT NULL,
    directory        TEXT NOT NULL,
    session          TEXT NOT NULL,
    scope            TEXT NOT NULL,
    claims_json      TEXT NOT NULL,
    identity_json    TEXT NOT NULL,
    authenticated_at INTEGER NOT NULL,
    amr              TEXT NOT NULL,
    acr              TEXT NOT NULL,
    current_hash     BLOB NOT NULL,
    previous_hash    BLOB NOT NULL,
    rotated_at       INTEGER NOT NULL,
    issued_at        INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    revoked          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX token_family_by_id ON token_family (family);
CREATE INDEX token_family_by_session ON token_family (session) WHERE session <> '';
CREATE INDEX token_family_by_person ON token_family (person);
CREATE INDEX token_family_by_expiry ON token_family (expires_at);

CREATE TABLE revoked_access_token (
    jti        TEXT PRIMARY KEY NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_access_token_by_expiry ON revoked_access_token (expires_at);

CREATE TABLE replay (
    scope        TEXT NOT NULL,
    id           TEXT NOT NULL,
    forget_after INTEGER NOT NULL,
    PRIMARY KEY (scope, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX replay_by_expiry ON replay (forget_after);

CREATE TABLE consent (
    person   TEXT NOT NULL,
    client   TEXT NOT NULL,
    scope    TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    PRIMARY KEY (person, client)
) STRICT, WITHOUT ROWID;

-- Append-only: no code deletes from it, so that the next number is always one more than the last.
CREATE TABLE audit (
    sequence      INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    event         TEXT NOT NULL,
    result        TEXT NOT NULL,
    member        TEXT NOT NULL,
    person        TEXT NOT NULL,
    client        TEXT NOT NULL,
    request       TEXT NOT NULL,
    address       TEXT NOT NULL,
    detail_json   TEXT NOT NULL,
    previous_hash BLOB,   -- place for the hash chain: SHA-256 of the record before ...
    hash          BLOB    -- ... and of this one; NULL while no chain is kept
) STRICT;

CREATE TABLE registry_revision (
    number         INTEGER PRIMARY KEY,
    at             INTEGER NOT NULL,
    who            TEXT NOT NULL,
    why            TEXT NOT NULL,
    documents_json TEXT NOT NULL
) STRICT;
