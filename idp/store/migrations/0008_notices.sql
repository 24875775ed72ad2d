-- Notices that were sent by mail: each is sent once.
CREATE TABLE notice (
    key TEXT PRIMARY KEY,          -- "grant-ends/g-...": ids, no names and no addresses
    forget_after INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX notice_forget_after ON notice (forget_after);
