-- expand: tables that nodes of the version before do not ask
CREATE TABLE sealed_keys (
    slot    bigint PRIMARY KEY CHECK (slot = 1),
    version bigint NOT NULL,
    sealed  text COLLATE "C" NOT NULL
);
