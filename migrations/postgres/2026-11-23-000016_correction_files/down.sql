ALTER TABLE corrections DROP COLUMN files;
