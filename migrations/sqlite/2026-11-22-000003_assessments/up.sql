CREATE TABLE assessments (
    practice_id   TEXT      NOT NULL,
    id            TEXT      NOT NULL,
    vendor_id     TEXT      NOT NULL,
    -- The vendor's first, second, third… A vendor is asked once in a cycle, however often
    -- the sweep runs and on however many machines.
    cycle         INTEGER   NOT NULL,
    -- What was asked, frozen: the file's name and digest, and the profile that chose the questions.
    questionnaire TEXT      NOT NULL,
    digest        TEXT      NOT NULL,
    asked         TEXT      NOT NULL,
    state         TEXT      NOT NULL,
    asked_on      DATE      NOT NULL,
    due_on        DATE      NOT NULL,
    reminders     INTEGER   NOT NULL,
    reminded_on   DATE,
    started_at    TIMESTAMP,
    accepted_on   DATE,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, vendor_id, cycle),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id),
    CHECK (state IN ('invited', 'in-progress', 'accepted', 'closed'))
);
CREATE INDEX assessments_by_state ON assessments (practice_id, state, due_on);

CREATE TABLE invitations (
    practice_id   TEXT      NOT NULL,
    id            TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    -- The token itself is in no table: it is made from the id and the secret key.
    token_hash    TEXT      NOT NULL UNIQUE,
    -- The short code of the letter, for /verify and the telephone.
    code          TEXT      NOT NULL UNIQUE,
    sent_to       TEXT      NOT NULL,
    made_at       TIMESTAMP NOT NULL,
    expires_on    DATE      NOT NULL,
    revoked_at    TIMESTAMP,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);
CREATE INDEX invitations_by_assessment ON invitations (practice_id, assessment_id);

-- A browser in which the respondent pressed Start.
CREATE TABLE respondents (
    token_hash    TEXT      NOT NULL PRIMARY KEY,
    practice_id   TEXT      NOT NULL,
    invitation_id TEXT      NOT NULL,
    started_at    TIMESTAMP NOT NULL,
    FOREIGN KEY (practice_id, invitation_id) REFERENCES invitations (practice_id, id)
);

CREATE TABLE answers (
    practice_id   TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    slug          TEXT      NOT NULL,
    answer        TEXT      NOT NULL,
    saved_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, assessment_id, slug),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);

CREATE TABLE attestations (
    practice_id   TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    reference     TEXT      NOT NULL,
    name          TEXT      NOT NULL,
    title         TEXT      NOT NULL,
    email         TEXT      NOT NULL,
    statement     TEXT      NOT NULL,
    signed_at     TIMESTAMP NOT NULL,
    -- Questions, answers and statement as signed; its SHA-256 is on the receipt.
    snapshot      TEXT      NOT NULL,
    sha256        TEXT      NOT NULL,
    PRIMARY KEY (practice_id, assessment_id),
    UNIQUE (practice_id, reference),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);

CREATE TABLE scorecards (
    practice_id   TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    model         TEXT      NOT NULL,
    as_of         DATE      NOT NULL,
    rating        TEXT      NOT NULL,
    residual      INTEGER   NOT NULL,
    -- The explanation record (domain/hipaa.md 3.7), byte for byte.
    record        TEXT      NOT NULL,
    PRIMARY KEY (practice_id, assessment_id),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id)
);
