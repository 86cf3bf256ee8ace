DROP TABLE notice_files;
