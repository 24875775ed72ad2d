-- expand: tables that nodes of the version before do not ask
CREATE TABLE guess_count (
    name            bytea PRIMARY KEY,
    wrong           bigint NOT NULL,
    wrong_of_known  bigint NOT NULL,
    running         bigint NOT NULL,
    last_wrong      bigint NOT NULL,
    last_of_known   bigint NOT NULL,
    last_reserved   bigint NOT NULL,
    began_at        bigint NOT NULL,
    kept_until      bigint NOT NULL,
    version         bigint NOT NULL
);
CREATE INDEX guess_count_by_version ON guess_count (version);
CREATE INDEX guess_count_by_end ON guess_count (kept_until);

CREATE TABLE guess_version (
    name    text COLLATE "C" PRIMARY KEY,   -- one row
    version bigint NOT NULL
);

CREATE TABLE node (
    name    text COLLATE "C" PRIMARY KEY,
    seen_at bigint NOT NULL
);
