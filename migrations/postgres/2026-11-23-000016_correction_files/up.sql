-- Files that were put under answers, used again or taken off since a signed reply was opened
-- again, by question: JSON. The reply keeps its own files until the correction is signed.
ALTER TABLE corrections ADD COLUMN files TEXT NOT NULL DEFAULT '{}';
