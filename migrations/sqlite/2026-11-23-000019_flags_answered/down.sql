ALTER TABLE flags DROP COLUMN back_from;
ALTER TABLE flags DROP COLUMN gone_on;
ALTER TABLE flags DROP COLUMN resolved_why;
ALTER TABLE flags DROP COLUMN resolved_by;
ALTER TABLE flags DROP COLUMN acknowledged_until;
ALTER TABLE flags DROP COLUMN acknowledged_why;
ALTER TABLE flags DROP COLUMN acknowledged_by;
ALTER TABLE flags DROP COLUMN acknowledged_on;
