DROP TABLE handovers;
DROP INDEX invitations_by_mailbox;
ALTER TABLE invitations DROP COLUMN part;
ALTER TABLE invitations DROP COLUMN mailbox;
