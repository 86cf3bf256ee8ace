-- The files of a change notice. Until it is signed they are known to its browser alone; with the
-- signature each becomes a document of the vendor.
CREATE TABLE notice_files (
    practice_id TEXT      NOT NULL,
    notice_id   TEXT      NOT NULL,
    sha256      TEXT      NOT NULL,
    kind        TEXT      NOT NULL,
    ends_on     DATE,
    name        TEXT      NOT NULL,
    media_type  TEXT      NOT NULL,
    size        INTEGER   NOT NULL,
    place       TEXT      NOT NULL,
    scan        TEXT      NOT NULL,
    added_at    TIMESTAMP NOT NULL,
    document_id TEXT,
    PRIMARY KEY (practice_id, notice_id, sha256),
    FOREIGN KEY (practice_id, notice_id) REFERENCES notices (practice_id, id),
    FOREIGN KEY (practice_id, document_id) REFERENCES documents (practice_id, id)
);
