-- A named person lives with a gap until a day. Rows are added and ended, never changed.
CREATE TABLE exceptions (
    practice_id   TEXT NOT NULL,
    id            TEXT NOT NULL,
    vendor_id     TEXT NOT NULL,
    -- The reply in which the gap showed, the question and what was answered, as they were read.
    assessment_id TEXT NOT NULL,
    slug          TEXT NOT NULL,
    short         TEXT NOT NULL,
    answer        TEXT NOT NULL,
    shortfall     TEXT NOT NULL,
    -- The vendor's rating on that day, as reckoned without any exception.
    rating        TEXT NOT NULL,
    reason        TEXT NOT NULL,
    accepted_by   TEXT NOT NULL,
    accepted_on   DATE NOT NULL,
    until         DATE NOT NULL,
    ended_on      DATE,
    ended_by      TEXT,
    ended_why     TEXT,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);
CREATE INDEX exceptions_by_vendor ON exceptions (practice_id, vendor_id);
