-- A change of a directory that is in force waits for a second person.
ALTER TABLE set_up ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';       -- who asked; empty: nobody yet
ALTER TABLE set_up ADD COLUMN asked_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE set_up ADD COLUMN asked_why TEXT NOT NULL DEFAULT '';
ALTER TABLE set_up ADD COLUMN asked_centrally INTEGER NOT NULL DEFAULT 0;  -- 1: for the association
