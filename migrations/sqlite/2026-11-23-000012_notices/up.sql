-- The standing link by which a vendor may tell of a change at any time. The token is in no
-- table: it is made from the id and the secret key.
CREATE TABLE notice_links (
    practice_id TEXT      NOT NULL,
    id          TEXT      NOT NULL,
    vendor_id   TEXT      NOT NULL,
    token_hash  TEXT      NOT NULL UNIQUE,
    made_at     TIMESTAMP NOT NULL,
    made_by     TEXT      NOT NULL,
    revoked_at  TIMESTAMP,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
CREATE INDEX notice_links_by_vendor ON notice_links (practice_id, vendor_id);

-- A change notice: written in one browser, by its cookie, and frozen when it is signed.
CREATE TABLE notices (
    practice_id       TEXT      NOT NULL,
    id                TEXT      NOT NULL,
    vendor_id         TEXT      NOT NULL,
    browser_hash      TEXT      NOT NULL UNIQUE,
    -- The link that the browser came by: the standing one, or an invitation's.
    link_id           TEXT,
    invitation_id     TEXT,
    questionnaire     TEXT      NOT NULL,
    digest            TEXT      NOT NULL,
    answers           TEXT      NOT NULL,
    begun_at          TIMESTAMP NOT NULL,
    reference         TEXT,
    name              TEXT,
    title             TEXT,
    email             TEXT,
    statement         TEXT,
    signed_at         TIMESTAMP,
    -- The practice's day.
    signed_on         DATE,
    snapshot          TEXT,
    sha256            TEXT,
    acknowledged_on   DATE,
    acknowledged_by   TEXT,
    acknowledged_note TEXT,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, reference),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
CREATE INDEX notices_by_vendor ON notices (practice_id, vendor_id, signed_at);

-- A vendor that will never answer, accepted on what is public: which questions which paper
-- supports, by whom, and until when.
CREATE TABLE acceptances (
    practice_id   TEXT      NOT NULL,
    id            TEXT      NOT NULL,
    vendor_id     TEXT      NOT NULL,
    questionnaire TEXT      NOT NULL,
    digest        TEXT      NOT NULL,
    asked         TEXT      NOT NULL,
    supports      TEXT      NOT NULL,
    reason        TEXT      NOT NULL,
    accepted_by   TEXT      NOT NULL,
    accepted_on   DATE      NOT NULL,
    until         DATE      NOT NULL,
    ended_on      DATE,
    ended_by      TEXT,
    ended_why     TEXT,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id),
    CHECK (until >= accepted_on)
);
CREATE INDEX acceptances_by_vendor ON acceptances (practice_id, vendor_id, accepted_on);
