-- Why a signed reply was opened again: by the vendor, by a reviewer, for the half-year check, or
-- because of a change that the vendor told of.
ALTER TABLE corrections ADD COLUMN occasion TEXT NOT NULL DEFAULT 'own';
UPDATE corrections SET occasion = 'returned' WHERE returned <> '{}';
