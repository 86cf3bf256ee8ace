-- A browser that has shown a code from the mailbox sees what others saved.
ALTER TABLE respondents ADD COLUMN verified_at TIMESTAMP;

-- Six digits that were mailed to whoever was asked. The digits are in no table: they are made
-- from the id and the secret key.
CREATE TABLE codes (
    practice_id   TEXT      NOT NULL,
    id            TEXT      NOT NULL,
    invitation_id TEXT      NOT NULL,
    -- The browser that asked: no other may use it.
    browser       TEXT      NOT NULL,
    made_at       TIMESTAMP NOT NULL,
    tries         INTEGER   NOT NULL,
    used_at       TIMESTAMP,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, invitation_id) REFERENCES invitations (practice_id, id)
);
CREATE INDEX codes_by_invitation ON codes (practice_id, invitation_id, made_at);

-- Which browser saved an answer, as in respondents, and the address of whoever was asked there.
ALTER TABLE answers ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE answers ADD COLUMN saved_by TEXT NOT NULL DEFAULT '';
-- The earlier assessment whose answer was said to be still true.
ALTER TABLE answers ADD COLUMN same_as TEXT;

-- How we knew who signed.
ALTER TABLE attestations ADD COLUMN assurance TEXT NOT NULL DEFAULT 'link';

-- What supports an answer.
CREATE TABLE evidence (
    practice_id   TEXT      NOT NULL,
    assessment_id TEXT      NOT NULL,
    slug          TEXT      NOT NULL,
    document_id   TEXT      NOT NULL,
    added_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, assessment_id, slug, document_id),
    FOREIGN KEY (practice_id, assessment_id) REFERENCES assessments (practice_id, id),
    FOREIGN KEY (practice_id, document_id) REFERENCES documents (practice_id, id)
);

-- What was merged into a vendor is read with it.
CREATE INDEX vendors_by_merged ON vendors (practice_id, merged_into) WHERE merged_into IS NOT NULL;
