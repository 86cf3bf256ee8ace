-- Which browser put it under the answer, as in answers; and whether the file was sent with it,
-- so that whoever sent it may take it back.
ALTER TABLE evidence ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN sent BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX evidence_by_document ON evidence (practice_id, document_id);
