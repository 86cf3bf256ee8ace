DROP TABLE letters;
DROP TABLE flags;
