-- Who asked for a role reads why it was refused, without a walk through the whole log.
CREATE INDEX audit_refused ON audit (sequence) WHERE event = 'grant.refused';
