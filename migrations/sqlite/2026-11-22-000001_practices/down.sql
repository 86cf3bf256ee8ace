DROP TABLE throttles;
DROP TABLE sign_in_links;
DROP TABLE sessions;
DROP TABLE memberships;
DROP TABLE users;
DROP TABLE practices;
