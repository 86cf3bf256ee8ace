DROP TABLE action_files;
DROP TABLE action_words;
DROP TABLE actions;
