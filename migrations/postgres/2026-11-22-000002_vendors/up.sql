CREATE TABLE vendors (
    practice_id       TEXT      NOT NULL REFERENCES practices (id),
    id                TEXT      NOT NULL,
    name              TEXT      NOT NULL,
    -- The name folded: who a vendor is when it has no external id.
    name_key          TEXT      NOT NULL,
    external_id       TEXT,
    website           TEXT,
    services          TEXT      NOT NULL,
    ba_status         TEXT      NOT NULL,
    owner             TEXT      NOT NULL,
    -- The data-handling profile as JSON; read and written whole.
    exposure          TEXT      NOT NULL,
    notes             TEXT      NOT NULL,
    created_at        TIMESTAMP NOT NULL,
    updated_at        TIMESTAMP NOT NULL,
    -- The standing: rewritten with whatever changes it, so that lists only read rows.
    tier              INTEGER   NOT NULL,
    inherent          INTEGER   NOT NULL,
    status            TEXT      NOT NULL,
    rating            TEXT      NOT NULL,
    residual          INTEGER   NOT NULL,
    assured           BOOLEAN   NOT NULL,
    agreement         TEXT      NOT NULL,
    agreement_ends_on DATE,
    accepted_on       DATE,
    next_due_on       DATE,
    open_flags        INTEGER   NOT NULL,
    -- The next day on which time alone changes the standing.
    look_on           DATE,
    PRIMARY KEY (practice_id, id),
    CHECK (tier BETWEEN 1 AND 4),
    CHECK (inherent BETWEEN 0 AND 10000),
    CHECK (residual BETWEEN 0 AND 10000)
);
-- Two vendors of one name are told apart by the practice's own numbers for them.
CREATE UNIQUE INDEX vendors_by_name ON vendors (practice_id, name_key) WHERE external_id IS NULL;
CREATE UNIQUE INDEX vendors_by_external_id ON vendors (practice_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX vendors_by_due ON vendors (practice_id, next_due_on, name_key);
CREATE INDEX vendors_by_look ON vendors (practice_id, look_on);

CREATE TABLE contacts (
    practice_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    vendor_id   TEXT NOT NULL,
    name        TEXT NOT NULL,
    email       TEXT,
    PRIMARY KEY (practice_id, id),
    -- One person to ask, for now; roles come with the register.
    UNIQUE (practice_id, vendor_id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);

CREATE TABLE agreements (
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

-- A vendor file that was uploaded and waits for its preview to be confirmed.
CREATE TABLE imports (
    practice_id TEXT      NOT NULL REFERENCES practices (id),
    id          TEXT      NOT NULL,
    file_name   TEXT      NOT NULL,
    content     BYTEA     NOT NULL,
    uploaded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (practice_id, id)
);
