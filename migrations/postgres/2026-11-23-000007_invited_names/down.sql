ALTER TABLE sign_in_links DROP COLUMN name;
