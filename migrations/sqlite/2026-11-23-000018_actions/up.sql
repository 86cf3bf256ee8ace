-- What a vendor is asked to put right: one open at a time for a vendor and a question. The
-- question stands here as it was asked then.
CREATE TABLE actions (
    practice_id   TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    vendor_id     TEXT    NOT NULL,
    -- The reply in which it showed.
    assessment_id TEXT    NOT NULL,
    slug          TEXT    NOT NULL,
    short         TEXT    NOT NULL,
    question      TEXT    NOT NULL,
    -- The paragraphs of law; empty where there is none.
    cites         TEXT    NOT NULL,
    shortfall     TEXT    NOT NULL,
    wanted        TEXT    NOT NULL,
    owner         TEXT    NOT NULL,
    due_on        DATE    NOT NULL,
    state         TEXT    NOT NULL,
    raised_on     DATE    NOT NULL,
    raised_by     TEXT    NOT NULL,
    by_rule       BOOLEAN NOT NULL,
    -- When the vendor was written to, and last reminded.
    asked_on      DATE,
    reminded_on   DATE,
    closed_on     DATE,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);
CREATE UNIQUE INDEX actions_open ON actions (practice_id, vendor_id, slug) WHERE closed_on IS NULL;
CREATE INDEX actions_by_vendor ON actions (practice_id, vendor_id, due_on);
CREATE INDEX actions_by_state ON actions (practice_id, state, due_on);

-- What went back and forth about one, the oldest first by number.
CREATE TABLE action_words (
    practice_id TEXT      NOT NULL,
    action_id   TEXT      NOT NULL,
    number      INTEGER   NOT NULL,
    at          TIMESTAMP NOT NULL,
    what        TEXT      NOT NULL,
    name        TEXT      NOT NULL,
    text        TEXT      NOT NULL,
    PRIMARY KEY (practice_id, action_id, number),
    FOREIGN KEY (practice_id, action_id) REFERENCES actions (practice_id, id)
);

-- The files that the vendor sent to show it.
CREATE TABLE action_files (
    practice_id TEXT      NOT NULL,
    action_id   TEXT      NOT NULL,
    document_id TEXT      NOT NULL,
    added_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, action_id, document_id),
    FOREIGN KEY (practice_id, action_id) REFERENCES actions (practice_id, id),
    FOREIGN KEY (practice_id, document_id) REFERENCES documents (practice_id, id)
);
