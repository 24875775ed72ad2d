-- Refresh tokens are derived from a random value that stays with their family, and numbered: so
-- one that was never issued is told from an old one. Families from before have no seed until their
-- next rotation.
ALTER TABLE token_family ADD COLUMN seed TEXT NOT NULL DEFAULT '';
ALTER TABLE token_family ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE token_family ADD COLUMN replaced TEXT NOT NULL DEFAULT '';   -- when the last tokens were, latest last

-- The resources that the tokens are for (RFC 8707); empty: what the client registered.
ALTER TABLE token_family ADD COLUMN resources TEXT NOT NULL DEFAULT '';
ALTER TABLE code ADD COLUMN resources TEXT NOT NULL DEFAULT '';

-- What a consent covers beside its scopes: claims by name, and "roles".
ALTER TABLE consent ADD COLUMN claims TEXT NOT NULL DEFAULT '';
