DROP TABLE earlier_replies;
DROP TABLE corrections;
