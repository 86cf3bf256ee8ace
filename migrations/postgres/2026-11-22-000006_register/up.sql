-- Settings of a practice, read and written whole; what is absent has its default.
ALTER TABLE practices ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

-- What the person may do in that practice.
ALTER TABLE memberships ADD COLUMN role TEXT NOT NULL DEFAULT 'administrator';

-- The second factor. The secret is encrypted with the program's key; the step is the last
-- one used, so that a code works once.
ALTER TABLE users ADD COLUMN totp_secret TEXT;
ALTER TABLE users ADD COLUMN totp_step BIGINT;

CREATE TABLE recovery_codes (
    user_id   TEXT      NOT NULL REFERENCES users (id),
    code_hash TEXT      NOT NULL,
    used_at   TIMESTAMP,
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE passkeys (
    user_id    TEXT      NOT NULL REFERENCES users (id),
    id         TEXT      NOT NULL,
    name       TEXT      NOT NULL,
    -- The public key and its counter as JSON; no secret is in it.
    credential TEXT      NOT NULL,
    added_at   TIMESTAMP NOT NULL,
    used_at    TIMESTAMP,
    PRIMARY KEY (user_id, id)
);

-- A sign-in that waits for its second factor, or a passkey ceremony half way.
CREATE TABLE challenges (
    token_hash TEXT      NOT NULL PRIMARY KEY,
    user_id    TEXT      REFERENCES users (id),
    kind       TEXT      NOT NULL,
    state      TEXT      NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

-- Everyone signs in once more: sessions now say when they were last used, and how proven.
DROP TABLE sessions;
CREATE TABLE sessions (
    token_hash  TEXT      NOT NULL PRIMARY KEY,
    -- Names the session on the page that ends it; opens nothing.
    id          TEXT      NOT NULL UNIQUE,
    user_id     TEXT      NOT NULL REFERENCES users (id),
    practice_id TEXT      NOT NULL REFERENCES practices (id),
    created_at  TIMESTAMP NOT NULL,
    seen_at     TIMESTAMP NOT NULL,
    -- The last time the password or a passkey was shown: dangerous things ask again.
    proven_at   TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    browser     TEXT      NOT NULL,
    second      BOOLEAN   NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- What the one-time link does: first-run, welcome, invitation or reset.
ALTER TABLE sign_in_links ADD COLUMN kind TEXT NOT NULL DEFAULT 'welcome';
ALTER TABLE sign_in_links ADD COLUMN role TEXT;

ALTER TABLE vendors ADD COLUMN life TEXT NOT NULL DEFAULT 'active';
ALTER TABLE vendors ADD COLUMN archived_at TIMESTAMP;
-- The vendor that this one turned out to be; it is archived then.
ALTER TABLE vendors ADD COLUMN merged_into TEXT;
-- The vendor that this one works for: the tree of subcontractors.
ALTER TABLE vendors ADD COLUMN parent_id TEXT;
ALTER TABLE vendors ADD COLUMN country TEXT NOT NULL DEFAULT '';
-- Months between questionnaires, where this vendor's differ from its tier's.
ALTER TABLE vendors ADD COLUMN cadence INTEGER;
CREATE INDEX vendors_by_parent ON vendors (practice_id, parent_id);

CREATE TABLE vendor_tags (
    practice_id TEXT NOT NULL,
    vendor_id   TEXT NOT NULL,
    tag         TEXT NOT NULL,
    PRIMARY KEY (practice_id, vendor_id, tag),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
CREATE INDEX vendor_tags_by_tag ON vendor_tags (practice_id, tag);

-- Whether a vendor is a business associate, as decided: the newest row counts.
CREATE TABLE ba_decisions (
    practice_id   TEXT NOT NULL,
    id            TEXT NOT NULL,
    vendor_id     TEXT NOT NULL,
    status        TEXT NOT NULL,
    -- The questions and answers that led there, as JSON.
    path          TEXT NOT NULL,
    reason        TEXT NOT NULL,
    decided_by    TEXT NOT NULL,
    decided_on    DATE NOT NULL,
    look_again_on DATE,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
CREATE INDEX ba_decisions_by_vendor ON ba_decisions (practice_id, vendor_id);

-- A tier set by hand; the newest row counts, and one without a tier gives it back to the rules.
CREATE TABLE tier_decisions (
    practice_id TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    vendor_id   TEXT    NOT NULL,
    tier        INTEGER,
    reason      TEXT    NOT NULL,
    decided_by  TEXT    NOT NULL,
    decided_on  DATE    NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id),
    CHECK (tier BETWEEN 1 AND 4)
);
CREATE INDEX tier_decisions_by_vendor ON tier_decisions (practice_id, vendor_id);

-- Several people at a vendor, one of whom gets the questionnaire.
CREATE TABLE people (
    practice_id   TEXT      NOT NULL,
    id            TEXT      NOT NULL,
    vendor_id     TEXT      NOT NULL,
    name          TEXT      NOT NULL,
    email         TEXT,
    phone         TEXT      NOT NULL,
    title         TEXT      NOT NULL,
    -- Keys of the roles, separated by ";".
    roles         TEXT      NOT NULL,
    preferred     BOOLEAN   NOT NULL,
    address_state TEXT      NOT NULL,
    state_since   DATE,
    state_reason  TEXT      NOT NULL,
    added_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id),
    CHECK (address_state IN ('fine', 'bounced', 'opted-out'))
);
INSERT INTO people
    SELECT contacts.practice_id, contacts.id, contacts.vendor_id, contacts.name, contacts.email, '', '', '', TRUE, 'fine', NULL, '', vendors.created_at
      FROM contacts JOIN vendors ON vendors.practice_id = contacts.practice_id AND vendors.id = contacts.vendor_id;
DROP TABLE contacts;
ALTER TABLE people RENAME TO contacts;
CREATE INDEX contacts_by_vendor ON contacts (practice_id, vendor_id);
CREATE UNIQUE INDEX contacts_preferred ON contacts (practice_id, vendor_id) WHERE preferred;

-- Agreements by version; nothing is written over.
CREATE TABLE contracts (
    practice_id         TEXT      NOT NULL,
    id                  TEXT      NOT NULL,
    vendor_id           TEXT      NOT NULL,
    version             INTEGER   NOT NULL,
    kind                TEXT      NOT NULL,
    signed_on           DATE,
    effective_on        DATE,
    ends_on             DATE,
    -- "No end date", said on purpose; without it an absent end is simply not known.
    open_ended          BOOLEAN   NOT NULL,
    -- Months by which it goes on by itself at its end; without them it does not.
    renews_months       INTEGER,
    -- Days before the end by which one must say so, to renew or to leave.
    notice_days         INTEGER,
    parties             TEXT      NOT NULL,
    -- Hours within which the vendor must tell of a breach.
    breach_notice_hours INTEGER,
    offshore            TEXT      NOT NULL,
    subcontractors      TEXT      NOT NULL,
    -- Provision to met, missing or not looked at, as JSON.
    checklist           TEXT      NOT NULL,
    checked_on          DATE,
    checked_by          TEXT      NOT NULL,
    document_id         TEXT,
    -- The day on which somebody ended it early.
    ended_on            DATE,
    note                TEXT      NOT NULL,
    recorded_by         TEXT      NOT NULL,
    recorded_at         TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, vendor_id, version),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
INSERT INTO contracts
    SELECT practice_id, id, vendor_id, 1, 'baa', signed_on, NULL, ends_on, FALSE, NULL, NULL, '', NULL, '', '', '{}', NULL, '', NULL, NULL, '', '', recorded_at
      FROM agreements WHERE signed_on IS NOT NULL OR ends_on IS NOT NULL;
DROP TABLE agreements;
ALTER TABLE contracts RENAME TO agreements;

CREATE TABLE documents (
    practice_id TEXT      NOT NULL,
    id          TEXT      NOT NULL,
    vendor_id   TEXT      NOT NULL,
    kind        TEXT      NOT NULL,
    -- The name it came with: shown and offered, never used as a path.
    name        TEXT      NOT NULL,
    media_type  TEXT      NOT NULL,
    size        INTEGER   NOT NULL,
    sha256      TEXT      NOT NULL,
    -- Where the bytes are in the file store: a random name.
    place       TEXT      NOT NULL,
    scan        TEXT      NOT NULL,
    note        TEXT      NOT NULL,
    ends_on     DATE,
    added_by    TEXT      NOT NULL,
    added_at    TIMESTAMP NOT NULL,
    -- Taken off the pages; kept until its retention date.
    removed_at  TIMESTAMP,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id),
    CHECK (scan IN ('clean', 'not-scanned', 'not-set-up'))
);
CREATE INDEX documents_by_vendor ON documents (practice_id, vendor_id);
CREATE INDEX documents_by_end ON documents (practice_id, ends_on);

-- The end of a vendor's work for us, with its checklist as JSON.
CREATE TABLE endings (
    practice_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    vendor_id   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    last_day    DATE NOT NULL,
    begun_on    DATE NOT NULL,
    begun_by    TEXT NOT NULL,
    steps       TEXT NOT NULL,
    finished_on DATE,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
CREATE INDEX endings_by_vendor ON endings (practice_id, vendor_id);

CREATE TABLE saved_views (
    practice_id TEXT      NOT NULL REFERENCES practices (id),
    id          TEXT      NOT NULL,
    user_id     TEXT      NOT NULL REFERENCES users (id),
    name        TEXT      NOT NULL,
    -- The part of the address after the question mark.
    query       TEXT      NOT NULL,
    made_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, user_id, name)
);

-- A change to many vendors at once, with what was there before, so that it can be undone.
CREATE TABLE bulk_changes (
    practice_id TEXT      NOT NULL REFERENCES practices (id),
    id          TEXT      NOT NULL,
    user_id     TEXT      NOT NULL REFERENCES users (id),
    act         TEXT      NOT NULL,
    says        TEXT      NOT NULL,
    before      TEXT      NOT NULL,
    made_at     TIMESTAMP NOT NULL,
    undone_at   TIMESTAMP,
    PRIMARY KEY (practice_id, id)
);

-- Which column of an uploaded file is which, and how its questions were answered, as JSON.
ALTER TABLE imports ADD COLUMN choices TEXT NOT NULL DEFAULT '{}';

-- The history: appended to, never changed, each line sealed with the one before.
CREATE TABLE entries (
    practice_id TEXT      NOT NULL REFERENCES practices (id),
    number      INTEGER   NOT NULL,
    at          TIMESTAMP NOT NULL,
    -- person, respondent or program; the id of a person.
    by_kind     TEXT      NOT NULL,
    by_id       TEXT      NOT NULL,
    by_name     TEXT      NOT NULL,
    act         TEXT      NOT NULL,
    vendor_id   TEXT,
    sentence    TEXT      NOT NULL,
    -- SHA-256 over the line before and this one.
    hash        TEXT      NOT NULL,
    PRIMARY KEY (practice_id, number)
);
CREATE INDEX entries_by_vendor ON entries (practice_id, vendor_id, number);
CREATE INDEX entries_by_person ON entries (practice_id, by_id, number);
CREATE INDEX entries_by_time ON entries (practice_id, at);

-- The last line of each history: what a cut-off end is noticed by, and what writers queue on.
CREATE TABLE chains (
    practice_id TEXT    NOT NULL PRIMARY KEY REFERENCES practices (id),
    number      INTEGER NOT NULL,
    hash        TEXT    NOT NULL
);
