ALTER TABLE corrections DROP COLUMN occasion;
