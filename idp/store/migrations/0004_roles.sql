-- What each revision changed: "mappings/lebus-meldeamt", and whose it is (empty: the association's).
CREATE TABLE revision_document (
    revision INTEGER NOT NULL,
    document TEXT NOT NULL,
    member   TEXT NOT NULL,
    PRIMARY KEY (revision, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_document_by_name ON revision_document (document, revision);

-- Reviews: a campaign asks each member's administrator to confirm or end what people hold.
CREATE TABLE campaign (
    id              TEXT PRIMARY KEY NOT NULL,
    title           TEXT NOT NULL,
    started_by      TEXT NOT NULL,
    started_at      INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,
    ends_unanswered INTEGER NOT NULL,   -- at the due time, what nobody confirmed is ended
    closed_at       INTEGER NOT NULL    -- 0: open
) STRICT, WITHOUT ROWID;
CREATE TABLE campaign_item (
    number     INTEGER PRIMARY KEY,
    campaign   TEXT NOT NULL,
    member     TEXT NOT NULL,
    person     TEXT NOT NULL,
    role       TEXT NOT NULL,
    documents  TEXT NOT NULL,           -- the rules that give it, separated by a space
    answer     TEXT NOT NULL DEFAULT '',   -- confirmed, ended; empty: none yet
    answered_by TEXT NOT NULL DEFAULT '',
    answered_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX campaign_item_by_campaign ON campaign_item (campaign, member);
CREATE INDEX campaign_item_by_person ON campaign_item (person);

-- What the API answered to a request that carried an idempotency key, for a day.
CREATE TABLE idempotent_answer (
    actor      TEXT NOT NULL,
    key        TEXT NOT NULL,
    request    BLOB NOT NULL,           -- SHA-256 of method, path and body
    status     INTEGER NOT NULL,
    body       TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotent_answer_by_expiry ON idempotent_answer (expires_at);
