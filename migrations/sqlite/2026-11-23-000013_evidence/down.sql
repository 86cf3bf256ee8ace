DROP INDEX evidence_by_document;
ALTER TABLE evidence DROP COLUMN sent;
ALTER TABLE evidence DROP COLUMN browser;
