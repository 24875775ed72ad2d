-- The audit log becomes a chain: hash = SHA-256(previous hash, sequence, digest of the content).
-- What is personal in a record is bound by a digest of its own, so that it can go without breaking
-- the chain. Records from before have no hash.
ALTER TABLE audit ADD COLUMN salt BLOB;             -- random; goes with the address
ALTER TABLE audit ADD COLUMN address_digest BLOB;
ALTER TABLE audit ADD COLUMN content_digest BLOB;
ALTER TABLE audit ADD COLUMN removed TEXT NOT NULL DEFAULT '';  -- why the content is gone

-- A person stands in the log under a random name; without this row nobody knows who it was.
CREATE TABLE pseudonym (
    person    TEXT PRIMARY KEY NOT NULL,
    pseudonym TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX pseudonym_by_name ON pseudonym (pseudonym);
INSERT INTO pseudonym (person, pseudonym)
    SELECT person, lower(hex(randomblob(16))) FROM (SELECT DISTINCT person FROM audit WHERE person <> '');
UPDATE audit SET person = (SELECT pseudonym FROM pseudonym p WHERE p.person = audit.person) WHERE person <> '';

-- Signed now and then: a log that was cut off at its end, or made anew, does not fit them.
CREATE TABLE audit_checkpoint (
    sequence  INTEGER PRIMARY KEY,   -- of the last record that it covers
    signature TEXT NOT NULL          -- compact JWS over sequence, hash and the checkpoint before
) STRICT;
