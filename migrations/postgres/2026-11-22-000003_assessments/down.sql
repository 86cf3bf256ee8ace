DROP TABLE scorecards;
DROP TABLE attestations;
DROP TABLE answers;
DROP TABLE respondents;
DROP TABLE invitations;
DROP TABLE assessments;
