-- The key that whoever redeems a code, or refreshes, has to prove (RFC 9449): "jkt:..."; empty: none.
ALTER TABLE code ADD COLUMN bound_to TEXT NOT NULL DEFAULT '';
ALTER TABLE token_family ADD COLUMN bound_to TEXT NOT NULL DEFAULT '';
