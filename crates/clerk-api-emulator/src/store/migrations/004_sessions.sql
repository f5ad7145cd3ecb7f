-- status: what was done to a session. An active one is over once it has reached `expire_at` or `abandon_at`,
-- which nothing writes down. `wire` has the status at the last change; that of the moment is put in when it is sent.
CREATE TABLE sessions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  user_seq INTEGER NOT NULL, client_id TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL, expire_at INTEGER NOT NULL, abandon_at INTEGER NOT NULL,
  wire TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_seq, created_at, id);
CREATE INDEX sessions_by_client ON sessions (client_id, created_at, id);

-- kind: `sign_in_token` or `actor_token`. expires_at is not sent.
CREATE TABLE access_tokens (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, user_seq INTEGER NOT NULL,
  token TEXT NOT NULL UNIQUE, expires_at INTEGER NOT NULL,
  organization_id TEXT, session_seconds INTEGER,
  wire TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX access_tokens_by_user ON access_tokens (user_seq);

-- signing_key: that of a template with one of its own; never sent.
CREATE TABLE jwt_templates (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,
  signing_key TEXT, wire TEXT NOT NULL
);

CREATE TABLE redirect_urls (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE, url TEXT NOT NULL UNIQUE, wire TEXT NOT NULL
);
