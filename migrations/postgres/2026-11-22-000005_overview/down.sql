DROP INDEX letters_by_vendor;
