CREATE TABLE flags (
    practice_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    vendor_id   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    -- What it is about within its kind: a question, an agreement; empty where the kind says all.
    subject     TEXT NOT NULL,
    sentence    TEXT NOT NULL,
    -- 1 act now, 2 act soon, 3 keep in mind: lists show the worst first.
    severity    INTEGER NOT NULL,
    raised_on   DATE NOT NULL,
    -- Closed flags stay: an auditor asks what we knew and when.
    closed_on   DATE,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id)
);
-- One open flag for one fact.
CREATE UNIQUE INDEX flags_open ON flags (practice_id, vendor_id, kind, subject) WHERE closed_on IS NULL;
CREATE INDEX flags_by_day ON flags (practice_id, closed_on, raised_on);
CREATE INDEX flags_by_vendor ON flags (practice_id, vendor_id);

CREATE TABLE letters (
    practice_id   TEXT      NOT NULL REFERENCES practices (id),
    id            TEXT      NOT NULL,
    -- What must be sent once: a second letter with the same key is refused.
    once          TEXT      NOT NULL,
    kind          TEXT      NOT NULL,
    vendor_id     TEXT,
    -- Whose link goes into the body when the letter leaves; the body here has only its place.
    invitation_id TEXT,
    to_name       TEXT      NOT NULL,
    to_address    TEXT      NOT NULL,
    from_name     TEXT      NOT NULL,
    reply_to      TEXT,
    subject       TEXT      NOT NULL,
    text_body     TEXT      NOT NULL,
    html_body     TEXT      NOT NULL,
    message_id    TEXT      NOT NULL UNIQUE,
    state         TEXT      NOT NULL,
    attempts      INTEGER   NOT NULL,
    written_at    TIMESTAMP NOT NULL,
    try_at        TIMESTAMP NOT NULL,
    claimed_until TIMESTAMP,
    sent_at       TIMESTAMP,
    reason        TEXT,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, once),
    CHECK (state IN ('waiting', 'claimed', 'sent', 'deferred', 'failed', 'uncertain'))
);
CREATE INDEX letters_to_send ON letters (try_at) WHERE state IN ('waiting', 'claimed', 'deferred');
CREATE INDEX letters_by_day ON letters (practice_id, written_at);
