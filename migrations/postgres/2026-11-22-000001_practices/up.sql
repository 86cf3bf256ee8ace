-- A practice is the tenant: everything below carries its id first.
CREATE TABLE practices (
    id            TEXT      NOT NULL PRIMARY KEY,
    slug          TEXT      NOT NULL UNIQUE,
    name          TEXT      NOT NULL,
    timezone      TEXT      NOT NULL,
    contact_name  TEXT      NOT NULL,
    contact_phone TEXT      NOT NULL,
    reply_to      TEXT,
    created_at    TIMESTAMP NOT NULL
);

CREATE TABLE users (
    id            TEXT      NOT NULL PRIMARY KEY,
    -- Lower case: one person, one spelling.
    email         TEXT      NOT NULL UNIQUE,
    name          TEXT      NOT NULL,
    password_hash TEXT,
    created_at    TIMESTAMP NOT NULL
);

CREATE TABLE memberships (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    user_id     TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (practice_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

-- Only the SHA-256 of a token is ever stored.
CREATE TABLE sessions (
    token_hash  TEXT      NOT NULL PRIMARY KEY,
    user_id     TEXT      NOT NULL REFERENCES users (id),
    practice_id TEXT      NOT NULL REFERENCES practices (id),
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- One-time links: the first run (no practice), a practice's first user (no user), a reset.
CREATE TABLE sign_in_links (
    token_hash  TEXT      NOT NULL PRIMARY KEY,
    practice_id TEXT      REFERENCES practices (id),
    user_id     TEXT      REFERENCES users (id),
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    used_at     TIMESTAMP
);

-- Failed sign-ins by account and by address; shared by all replicas.
CREATE TABLE throttles (
    subject    TEXT      NOT NULL PRIMARY KEY,
    failures   INTEGER   NOT NULL,
    free_at    TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
