DROP INDEX vendors_by_merged;
DROP TABLE evidence;
ALTER TABLE attestations DROP COLUMN assurance;
ALTER TABLE answers DROP COLUMN same_as;
ALTER TABLE answers DROP COLUMN saved_by;
ALTER TABLE answers DROP COLUMN browser;
DROP TABLE codes;
ALTER TABLE respondents DROP COLUMN verified_at;
