-- Every object's row holds its answer as JSON in `wire`; the other columns repeat what is searched or sorted by.
-- `seq` is the order of creation and never used twice. Texts in columns are lower case, in `wire` as given.

CREATE TABLE instance (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counters (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;

-- Changes that move rows already counted in the creation order of a list: removals and back-dated arrivals.
CREATE TABLE reorders (
  version INTEGER PRIMARY KEY AUTOINCREMENT,
  list TEXT NOT NULL, created_at INTEGER NOT NULL, id TEXT NOT NULL
);

-- Rows whose entry in a search index is out of date. kind: 1 user, 2 organization, 3 organization invitation,
-- 4 application invitation. fresh: the search index has no entry yet.
CREATE TABLE search_pending (
  kind INTEGER NOT NULL, seq INTEGER NOT NULL, fresh INTEGER NOT NULL,
  PRIMARY KEY (kind, seq)
) WITHOUT ROWID;

CREATE TABLE users (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  external_id TEXT UNIQUE,
  username TEXT UNIQUE,
  email TEXT, phone TEXT, wallet TEXT,
  first_name TEXT, last_name TEXT,
  banned INTEGER NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  last_active_at INTEGER, last_sign_in_at INTEGER,
  wire TEXT NOT NULL
);
CREATE INDEX users_by_created ON users (created_at, id);
CREATE INDEX users_by_banned ON users (banned, created_at, id);
CREATE INDEX users_by_updated ON users (updated_at);
CREATE INDEX users_by_last_active ON users (last_active_at);
CREATE INDEX users_by_last_sign_in ON users (last_sign_in_at);
CREATE INDEX users_by_email ON users (email);
CREATE INDEX users_by_phone ON users (phone);
CREATE INDEX users_by_wallet ON users (wallet);
CREATE INDEX users_by_first_name ON users (first_name);
CREATE INDEX users_by_last_name ON users (last_name);

-- What never leaves: password hashes and second factors.
CREATE TABLE user_secrets (
  user_seq INTEGER PRIMARY KEY,
  password_hash TEXT, password_hasher TEXT,
  totp_secret TEXT, backup_codes TEXT
);

-- kind: 1 email address, 2 phone number, 3 web3 wallet. claimed: verified or reserved, hence unique.
CREATE TABLE identifications (
  kind INTEGER NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
  user_seq INTEGER NOT NULL, claimed INTEGER NOT NULL,
  PRIMARY KEY (kind, value, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX identifications_by_id ON identifications (id);

CREATE TABLE external_accounts (
  provider TEXT NOT NULL, provider_user_id TEXT NOT NULL, user_seq INTEGER NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (provider, provider_user_id)
) WITHOUT ROWID;
CREATE INDEX external_accounts_by_user ON external_accounts (user_seq);

-- Uploaded images, by the id of their user or organization.
CREATE TABLE images (
  owner TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  content_type TEXT NOT NULL, bytes BLOB NOT NULL
);

-- What was given to or taken from a user's or an organization's credits, and the balance after it, in cents.
CREATE TABLE credits (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  payer TEXT NOT NULL, idempotency_key TEXT NOT NULL,
  balance INTEGER NOT NULL,
  wire TEXT NOT NULL,
  UNIQUE (payer, idempotency_key)
);
CREATE INDEX credits_by_payer ON credits (payer);

CREATE TABLE organizations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  slug TEXT UNIQUE,
  name TEXT NOT NULL,
  max_allowed_memberships INTEGER NOT NULL,
  members_count INTEGER NOT NULL DEFAULT 0,
  admins_count INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  wire TEXT NOT NULL
);
CREATE INDEX organizations_by_created ON organizations (created_at, id);
CREATE INDEX organizations_by_name ON organizations (name);
CREATE INDEX organizations_by_members ON organizations (members_count);

-- `wire` lacks `organization` and `public_user_data`: both are put in when it is sent.
-- elevated: the role holds what the last such member may not lose.
CREATE TABLE memberships (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  organization_seq INTEGER NOT NULL, user_seq INTEGER NOT NULL,
  role TEXT NOT NULL, elevated INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  wire TEXT NOT NULL,
  UNIQUE (organization_seq, user_seq)
);
CREATE INDEX memberships_by_created ON memberships (created_at, id);
CREATE INDEX memberships_by_user ON memberships (user_seq, created_at, id);
CREATE INDEX memberships_by_organization ON memberships (organization_seq, created_at, id);
CREATE INDEX memberships_by_role ON memberships (organization_seq, role, created_at, id);

-- status: as it is sent, but that pending ones may be past `expires_at` until somebody lists them.
-- inviter: the id of a user, or of one that is gone. `wire` has null for `public_inviter_data`: that of the
-- moment is put in when it is sent.
CREATE TABLE organization_invitations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  organization_seq INTEGER NOT NULL,
  email TEXT NOT NULL, status TEXT NOT NULL, inviter TEXT,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  wire TEXT NOT NULL
);
CREATE INDEX organization_invitations_by_created ON organization_invitations (created_at, id);
CREATE INDEX organization_invitations_by_email ON organization_invitations (email);
CREATE INDEX organization_invitations_by_status ON organization_invitations (status, created_at, id);
CREATE INDEX organization_invitations_due ON organization_invitations (expires_at) WHERE status = 'pending';
CREATE INDEX organization_invitations_by_organization
  ON organization_invitations (organization_seq, created_at, id);
CREATE INDEX organization_invitations_within
  ON organization_invitations (organization_seq, status, created_at, id, expires_at);
CREATE INDEX organization_invitations_to ON organization_invitations (organization_seq, email);

-- status: as above. revoked: the list leaves those out; its counter counts the others.
CREATE TABLE invitations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL, status TEXT NOT NULL, revoked INTEGER NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  wire TEXT NOT NULL
);
CREATE INDEX invitations_by_created ON invitations (created_at, id);
CREATE INDEX invitations_kept ON invitations (revoked, created_at, id);
CREATE INDEX invitations_by_email ON invitations (email);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);
CREATE INDEX invitations_by_status ON invitations (status, created_at, id);
CREATE INDEX invitations_due ON invitations (expires_at) WHERE status = 'pending';

CREATE VIRTUAL TABLE users_search USING fts5 (
  email, phone, wallet, username, name,
  content='', contentless_delete=1, tokenize='trigram'
);
CREATE VIRTUAL TABLE organizations_search USING fts5 (
  name, slug, content='', contentless_delete=1, tokenize='trigram'
);
CREATE VIRTUAL TABLE organization_invitations_search USING fts5 (
  email, content='', contentless_delete=1, tokenize='trigram'
);
CREATE VIRTUAL TABLE invitations_search USING fts5 (
  email, content='', contentless_delete=1, tokenize='trigram'
);

INSERT INTO counters VALUES
  ('users', 0), ('users_banned', 0), ('organizations', 0), ('memberships', 0),
  ('organization_invitations', 0),
  ('organization_invitations_pending', 0), ('organization_invitations_accepted', 0),
  ('organization_invitations_revoked', 0), ('organization_invitations_expired', 0),
  ('invitations', 0),
  ('invitations_pending', 0), ('invitations_accepted', 0), ('invitations_revoked', 0), ('invitations_expired', 0);

-- A trigger makes SQLite keep a copy of every page that an insert touches, so only memberships have some;
-- the counters are kept by the writing code.
CREATE TRIGGER memberships_come AFTER INSERT ON memberships BEGIN
  UPDATE organizations SET members_count = members_count + 1, admins_count = admins_count + new.elevated
    WHERE seq = new.organization_seq;
END;
CREATE TRIGGER memberships_change AFTER UPDATE OF elevated ON memberships WHEN new.elevated <> old.elevated BEGIN
  UPDATE organizations SET admins_count = admins_count + new.elevated - old.elevated
    WHERE seq = new.organization_seq;
END;
CREATE TRIGGER memberships_go AFTER DELETE ON memberships BEGIN
  UPDATE organizations SET members_count = members_count - 1, admins_count = admins_count - old.elevated
    WHERE seq = old.organization_seq;
END;
