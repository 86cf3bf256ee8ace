DROP TABLE acceptances;
DROP TABLE notices;
DROP TABLE notice_links;
