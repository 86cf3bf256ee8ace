-- How long real respondents were at it: a row for each signed questionnaire, without saying
-- whose. Ids are random, so that they tell nothing of when it was.
CREATE TABLE paces (
    id            TEXT    NOT NULL PRIMARY KEY,
    questionnaire TEXT    NOT NULL,
    asked_set     TEXT    NOT NULL,
    -- Someone who had signed before.
    again         BOOLEAN NOT NULL,
    minutes       INTEGER NOT NULL
);
CREATE INDEX paces_by_form ON paces (questionnaire, asked_set, again, id);
