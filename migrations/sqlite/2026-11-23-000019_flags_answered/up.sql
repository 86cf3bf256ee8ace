-- What a person said of a flag: that it is known, until a day, or that it is settled.
ALTER TABLE flags ADD COLUMN acknowledged_on DATE;
ALTER TABLE flags ADD COLUMN acknowledged_by TEXT;
ALTER TABLE flags ADD COLUMN acknowledged_why TEXT;
ALTER TABLE flags ADD COLUMN acknowledged_until DATE;
ALTER TABLE flags ADD COLUMN resolved_by TEXT;
ALTER TABLE flags ADD COLUMN resolved_why TEXT;
-- When the fact of a settled flag no longer held; until then it is not raised again.
ALTER TABLE flags ADD COLUMN gone_on DATE;
-- When an earlier flag of the same fact was closed: this one is back.
ALTER TABLE flags ADD COLUMN back_from DATE;
