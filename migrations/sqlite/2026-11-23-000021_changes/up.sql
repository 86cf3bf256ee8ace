-- What a vendor does differently, as it was learnt. Rows stay; a person says what is made of each.
CREATE TABLE changes (
    practice_id    TEXT      NOT NULL,
    id             TEXT      NOT NULL,
    vendor_id      TEXT      NOT NULL,
    kind           TEXT      NOT NULL,
    -- Where we learnt it: a reply, a change notice, a version of the agreement.
    source         TEXT      NOT NULL,
    source_id      TEXT      NOT NULL,
    -- What it is about within its source: a question, a kind of notice, a term.
    subject        TEXT      NOT NULL,
    about          TEXT      NOT NULL,
    was            TEXT      NOT NULL,
    became         TEXT      NOT NULL,
    was_on         DATE,
    -- As far as somebody said.
    since          DATE,
    learnt_on      DATE      NOT NULL,
    -- 1 urgent to 4 low.
    materiality    INTEGER   NOT NULL,
    telling        TEXT      NOT NULL,
    -- The reference of the notice that told us.
    told_by        TEXT      NOT NULL,
    verdict        TEXT,
    verdict_why    TEXT,
    verdict_by     TEXT,
    verdict_on     DATE,
    -- The newer version of its source says otherwise.
    withdrawn_on   DATE,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
-- One change for one thing that a source says, while it says it.
CREATE UNIQUE INDEX changes_once ON changes (practice_id, vendor_id, source, source_id, subject) WHERE withdrawn_on IS NULL;
CREATE INDEX changes_by_learnt ON changes (practice_id, learnt_on);
