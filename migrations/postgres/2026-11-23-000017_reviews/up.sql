-- What reviewers decided about single answers of a signed reply. It stands beside the signed
-- answers and never in them, and counts as long as the answer is the one that was looked at.
CREATE TABLE review_decisions (
    practice_id   TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    slug          TEXT      NOT NULL,
    -- SHA-256 of the answer that was decided on, and the rulings with who, when and under which
    -- signature: JSON.
    mark          TEXT      NOT NULL,
    na            TEXT,
    checked       TEXT,
    PRIMARY KEY (practice_id, assessment_id, slug),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);

-- A signed version that somebody accepted, with its score of that day. Lines are added, never
-- changed: a decision that is changed later accepts it once more.
CREATE TABLE reviews (
    practice_id   TEXT      NOT NULL,
    id            TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    -- SHA-256 of what was signed.
    signed        TEXT      NOT NULL,
    reviewed_by   TEXT      NOT NULL,
    reviewed_at   TIMESTAMP NOT NULL,
    reviewed_on   DATE      NOT NULL,
    rating        TEXT      NOT NULL,
    residual      INTEGER   NOT NULL,
    -- The explanation record, and what it was reckoned from.
    record        TEXT      NOT NULL,
    input         TEXT      NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);
CREATE INDEX reviews_by_assessment ON reviews (practice_id, assessment_id, reviewed_at);

-- What a score was reckoned from, without names and free words: it replays to the same bytes.
ALTER TABLE scorecards ADD COLUMN input TEXT NOT NULL DEFAULT '';
ALTER TABLE earlier_replies ADD COLUMN input TEXT NOT NULL DEFAULT '';

-- Whether somebody has looked at the newest reply.
ALTER TABLE vendors ADD COLUMN review TEXT NOT NULL DEFAULT 'none';
UPDATE vendors SET review = 'waiting' WHERE accepted_on IS NOT NULL AND status <> 'not-needed';
