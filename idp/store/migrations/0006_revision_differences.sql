-- A revision keeps what differs from the one before: so much of that one's text at its front and at
-- its back, with documents_json in between. Now and then one is kept whole.
ALTER TABLE registry_revision ADD COLUMN is_whole INTEGER NOT NULL DEFAULT 1;
ALTER TABLE registry_revision ADD COLUMN kept_front INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_revision ADD COLUMN kept_back INTEGER NOT NULL DEFAULT 0;
