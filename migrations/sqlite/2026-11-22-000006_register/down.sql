DROP TABLE chains;
DROP TABLE entries;
ALTER TABLE imports DROP COLUMN choices;
DROP TABLE bulk_changes;
DROP TABLE saved_views;
DROP TABLE endings;
DROP TABLE documents;

-- One agreement a vendor, the newest.
CREATE TABLE contracts (
    practice_id TEXT      NOT NULL,
    id          TEXT      NOT NULL,
    vendor_id   TEXT      NOT NULL,
    signed_on   DATE,
    ends_on     DATE,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, vendor_id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
INSERT INTO contracts
    SELECT practice_id, id, vendor_id, signed_on, ends_on, recorded_at FROM agreements AS newest
     WHERE version = (SELECT MAX(version) FROM agreements WHERE agreements.practice_id = newest.practice_id AND agreements.vendor_id = newest.vendor_id);
DROP TABLE agreements;
ALTER TABLE contracts RENAME TO agreements;

CREATE TABLE people (
    practice_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    vendor_id   TEXT NOT NULL,
    name        TEXT NOT NULL,
    email       TEXT,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, vendor_id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
INSERT INTO people SELECT practice_id, id, vendor_id, name, email FROM contacts WHERE preferred;
DROP TABLE contacts;
ALTER TABLE people RENAME TO contacts;

DROP TABLE tier_decisions;
DROP TABLE ba_decisions;
DROP TABLE vendor_tags;
DROP INDEX vendors_by_services;
DROP INDEX vendors_by_owner;
DROP INDEX vendors_listed_by_name;
DROP INDEX vendors_listed;
DROP INDEX vendors_by_parent;
ALTER TABLE vendors DROP COLUMN cadence;
ALTER TABLE vendors DROP COLUMN country;
ALTER TABLE vendors DROP COLUMN parent_id;
ALTER TABLE vendors DROP COLUMN merged_into;
ALTER TABLE vendors DROP COLUMN archived_at;
ALTER TABLE vendors DROP COLUMN life;
ALTER TABLE sign_in_links DROP COLUMN role;
ALTER TABLE sign_in_links DROP COLUMN kind;
DROP TABLE sessions;
CREATE TABLE sessions (
    token_hash  TEXT      NOT NULL PRIMARY KEY,
    user_id     TEXT      NOT NULL REFERENCES users (id),
    practice_id TEXT      NOT NULL REFERENCES practices (id),
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
DROP TABLE challenges;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
ALTER TABLE users DROP COLUMN totp_step;
ALTER TABLE users DROP COLUMN totp_secret;
ALTER TABLE memberships DROP COLUMN role;
ALTER TABLE practices DROP COLUMN settings;
