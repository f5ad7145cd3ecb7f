-- public_data: what the members of an organization may know of a user, as JSON, so that a page of members does not read whole users.
-- Null in a row that no version with this column has written.
ALTER TABLE users ADD COLUMN public_data TEXT;
