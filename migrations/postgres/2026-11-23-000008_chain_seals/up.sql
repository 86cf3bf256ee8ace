-- The end of each history under the installation's key, which is in no table. Empty is no
-- seal: `duecare audit seal` puts one where a history is older than this column.
ALTER TABLE chains ADD COLUMN seal TEXT NOT NULL DEFAULT '';
