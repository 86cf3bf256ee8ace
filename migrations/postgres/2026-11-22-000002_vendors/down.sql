DROP TABLE imports;
DROP TABLE agreements;
DROP TABLE contacts;
DROP TABLE vendors;
