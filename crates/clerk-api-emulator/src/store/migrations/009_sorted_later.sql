-- sorted: 0 until the writing thread has time to put the row into these indexes, which only lists in another order
-- than that of creation and a few filters use: they wait for it as searches do.
ALTER TABLE users ADD COLUMN sorted INTEGER NOT NULL DEFAULT 1;
DROP INDEX users_by_updated;
DROP INDEX users_by_last_active;
DROP INDEX users_by_last_sign_in;
DROP INDEX users_by_email;
DROP INDEX users_by_phone;
DROP INDEX users_by_wallet;
DROP INDEX users_by_first_name;
DROP INDEX users_by_last_name;
CREATE INDEX users_by_updated ON users (updated_at) WHERE sorted = 1;
CREATE INDEX users_by_last_active ON users (last_active_at) WHERE sorted = 1;
CREATE INDEX users_by_last_sign_in ON users (last_sign_in_at) WHERE sorted = 1;
CREATE INDEX users_by_email ON users (email) WHERE sorted = 1;
CREATE INDEX users_by_phone ON users (phone) WHERE sorted = 1;
CREATE INDEX users_by_wallet ON users (wallet) WHERE sorted = 1;
CREATE INDEX users_by_first_name ON users (first_name) WHERE sorted = 1;
CREATE INDEX users_by_last_name ON users (last_name) WHERE sorted = 1;
