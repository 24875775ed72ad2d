-- Who is signed in at a member, asked whenever its directory changes. Few distinct values: rows
-- that arrive together share pages.
CREATE INDEX session_by_member ON session (member);
CREATE INDEX token_family_by_member ON token_family (member) WHERE revoked = 0;

-- What finds a person again when the member replaces its directory: keyed hashes of an employee
-- number or mail address, as of the last sign-in. The values themselves are not kept.
CREATE TABLE person_tie (
    person    TEXT NOT NULL,
    attribute TEXT NOT NULL,
    value     BLOB NOT NULL,
    PRIMARY KEY (person, attribute)
) STRICT, WITHOUT ROWID;
