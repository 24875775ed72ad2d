-- expand: tables that nodes of the version before do not ask
CREATE TABLE device_request (
    device_code_hash bytea PRIMARY KEY,
    user_code_hash   bytea NOT NULL UNIQUE,
    client           text COLLATE "C" NOT NULL,
    scope            text COLLATE "C" NOT NULL,
    resources        text COLLATE "C" NOT NULL,
    address          text COLLATE "C" NOT NULL,
    asked_at         bigint NOT NULL,
    expires_at       bigint NOT NULL,
    decision         bigint NOT NULL,
    interval_seconds bigint NOT NULL,
    polled_at        bigint NOT NULL
);
CREATE INDEX device_request_expires_at ON device_request (expires_at);

CREATE TABLE opaque_token (
    hash        bytea PRIMARY KEY,
    claims_json text COLLATE "C" NOT NULL,
    expires_at  bigint NOT NULL
);
CREATE INDEX opaque_token_expires_at ON opaque_token (expires_at);
