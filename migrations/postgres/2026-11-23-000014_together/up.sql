-- The address in small letters: what one mailbox was asked, by whichever practice.
ALTER TABLE invitations ADD COLUMN mailbox TEXT NOT NULL DEFAULT '';
UPDATE invitations SET mailbox = lower(sent_to);
-- A colleague's link: who is asked, by which address, and for which sections; NULL for whoever
-- was asked by the practice, who answers all of them.
ALTER TABLE invitations ADD COLUMN part TEXT;
CREATE INDEX invitations_by_mailbox ON invitations (mailbox);

-- Whoever was asked says that someone else should answer.
CREATE TABLE handovers (
    practice_id   TEXT      NOT NULL,
    id            TEXT      NOT NULL,
    vendor_id     TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    -- The address that was asked.
    said_by       TEXT      NOT NULL,
    said_at       TIMESTAMP NOT NULL,
    name          TEXT      NOT NULL,
    email         TEXT,
    why           TEXT      NOT NULL,
    -- The questionnaire went there at once.
    passed_on     BOOLEAN   NOT NULL,
    settled_at    TIMESTAMP,
    settled_by    TEXT,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
CREATE INDEX handovers_by_vendor ON handovers (practice_id, vendor_id, said_at);
