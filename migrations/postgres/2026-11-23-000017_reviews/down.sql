ALTER TABLE vendors DROP COLUMN review;
ALTER TABLE earlier_replies DROP COLUMN input;
ALTER TABLE scorecards DROP COLUMN input;
DROP TABLE reviews;
DROP TABLE review_decisions;
