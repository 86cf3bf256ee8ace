ALTER TABLE vendors DROP COLUMN stop_accepted_until;
