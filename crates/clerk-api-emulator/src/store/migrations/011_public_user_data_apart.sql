-- What the members of an organization may know of a user, as JSON, in a small table: a page of members looks up hundreds of users, and a
-- page of this table has ten times as many as one of users. A user whom no version since the tenth has written has no row.
CREATE TABLE users_public (seq INTEGER PRIMARY KEY, data TEXT NOT NULL);
INSERT INTO users_public SELECT seq, public_data FROM users WHERE public_data IS NOT NULL;
ALTER TABLE users DROP COLUMN public_data;
