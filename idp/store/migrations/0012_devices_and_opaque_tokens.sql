-- Devices that wait for a person's answer (RFC 8628); both codes as SHA-256.
CREATE TABLE device_request (
    device_code_hash BLOB    NOT NULL PRIMARY KEY,
    user_code_hash   BLOB    NOT NULL UNIQUE,
    client           TEXT    NOT NULL,
    scope            TEXT    NOT NULL,
    resources        TEXT    NOT NULL,
    address          TEXT    NOT NULL,
    asked_at         INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    decision         INTEGER NOT NULL,   -- 0: waiting, 1: allowed, 2: denied
    interval_seconds INTEGER NOT NULL,
    polled_at        INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX device_request_expires_at ON device_request (expires_at);

-- What access tokens say whose text says nothing.
CREATE TABLE opaque_token (
    hash        BLOB    NOT NULL PRIMARY KEY,
    claims_json TEXT    NOT NULL,
    expires_at  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX opaque_token_expires_at ON opaque_token (expires_at);
