-- A signed reply that is opened again: by the vendor to put something right, or by the
-- practice, which sends questions back. The reply stays as it was signed until this is signed.
CREATE TABLE corrections (
    practice_id   TEXT      NOT NULL,
    id            TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    -- Why, in the vendor's words; empty where the practice sent questions back.
    reason        TEXT      NOT NULL,
    -- The practice's remark by question, the vendor's reply by question, and the answers that
    -- differ from the signed ones: JSON.
    returned      TEXT      NOT NULL,
    replies       TEXT      NOT NULL,
    changes       TEXT      NOT NULL,
    opened_by     TEXT      NOT NULL,
    opened_at     TIMESTAMP NOT NULL,
    opened_on     DATE      NOT NULL,
    due_on        DATE,
    outcome       TEXT,
    ended_at      TIMESTAMP,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);
CREATE UNIQUE INDEX corrections_open ON corrections (practice_id, assessment_id) WHERE outcome IS NULL;
CREATE INDEX corrections_by_assessment ON corrections (practice_id, assessment_id, opened_at);

-- What was signed before a correction took its place, to the byte, with its score.
CREATE TABLE earlier_replies (
    practice_id   TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    version       INTEGER   NOT NULL,
    reference     TEXT      NOT NULL,
    name          TEXT      NOT NULL,
    title         TEXT      NOT NULL,
    email         TEXT      NOT NULL,
    statement     TEXT      NOT NULL,
    signed_at     TIMESTAMP NOT NULL,
    snapshot      TEXT      NOT NULL,
    sha256        TEXT      NOT NULL,
    assurance     TEXT      NOT NULL,
    scorecard     TEXT      NOT NULL,
    PRIMARY KEY (practice_id, assessment_id, version),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);
