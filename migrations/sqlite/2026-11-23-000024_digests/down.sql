ALTER TABLE memberships DROP COLUMN digest_to;
ALTER TABLE memberships DROP COLUMN digest;
