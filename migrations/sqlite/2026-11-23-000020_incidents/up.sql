-- A vendor's breach notice, or word that something may have gone wrong. Counts by State, never a
-- patient's name. Nothing of it is ever deleted.
CREATE TABLE incidents (
    practice_id TEXT NOT NULL,
    id          TEXT NOT NULL,
    vendor_id   TEXT NOT NULL,
    -- The change notice that it came from.
    notice_id   TEXT,
    learned     TEXT NOT NULL,
    what        TEXT NOT NULL,
    opened_on   DATE NOT NULL,
    opened_by   TEXT NOT NULL,
    -- What is known, which may be mended: JSON.
    known       TEXT NOT NULL,
    closed_on   DATE,
    outcome     TEXT,
    closed_by   TEXT,
    closed_why  TEXT,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, notice_id),
    FOREIGN KEY (practice_id, vendor_id) REFERENCES vendors (practice_id, id),
    FOREIGN KEY (practice_id, notice_id) REFERENCES notices (practice_id, id)
);
CREATE INDEX incidents_by_vendor ON incidents (practice_id, vendor_id);
CREATE INDEX incidents_open ON incidents (practice_id, closed_on, opened_on);

-- The assessments whether it is a breach; each version stands.
CREATE TABLE incident_assessments (
    practice_id TEXT    NOT NULL,
    incident_id TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    found       TEXT    NOT NULL,
    conclusion  TEXT    NOT NULL,
    made_by     TEXT    NOT NULL,
    made_on     DATE    NOT NULL,
    PRIMARY KEY (practice_id, incident_id, version),
    FOREIGN KEY (practice_id, incident_id) REFERENCES incidents (practice_id, id)
);

-- What was marked as done, or, without a day, as not done after all. The last one counts.
CREATE TABLE incident_marks (
    practice_id TEXT    NOT NULL,
    incident_id TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    step        TEXT    NOT NULL,
    done_on     DATE,
    made_by     TEXT    NOT NULL,
    note        TEXT    NOT NULL,
    document_id TEXT,
    recorded_on DATE    NOT NULL,
    PRIMARY KEY (practice_id, incident_id, number),
    FOREIGN KEY (practice_id, incident_id) REFERENCES incidents (practice_id, id),
    FOREIGN KEY (practice_id, document_id) REFERENCES documents (practice_id, id)
);
