DROP TABLE incident_marks;
DROP TABLE incident_assessments;
DROP TABLE incidents;
