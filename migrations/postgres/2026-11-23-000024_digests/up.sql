-- How often a person wants to hear what is new in a practice, and the last day that was told of.
ALTER TABLE memberships ADD COLUMN digest TEXT NOT NULL DEFAULT 'none';
ALTER TABLE memberships ADD COLUMN digest_to DATE;
