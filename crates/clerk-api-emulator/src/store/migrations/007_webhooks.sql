-- Who is told of what happens. events: a JSON array of types, empty for all.
CREATE TABLE webhooks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  url TEXT NOT NULL, secret TEXT NOT NULL, events TEXT NOT NULL, disabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
);

-- What has happened while there was somebody to tell. payload: the body that is sent, byte by byte.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL, created_at INTEGER NOT NULL,
  payload TEXT NOT NULL
);
CREATE INDEX events_by_type ON events (type, seq);
CREATE INDEX events_by_created ON events (created_at, seq);

-- Which event goes to whom. status: pending, delivered or failed. tries: since the event or its last replay.
-- due, lease: by the computer's clock. lease: until when a process may be sending it, also its sign. attempts: JSON.
CREATE TABLE deliveries (
  event_seq INTEGER NOT NULL, webhook_seq INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL, tries INTEGER NOT NULL,
  due INTEGER NOT NULL, lease INTEGER NOT NULL,
  attempts TEXT NOT NULL,
  PRIMARY KEY (event_seq, webhook_seq)
) WITHOUT ROWID;
CREATE INDEX deliveries_pending ON deliveries (webhook_seq, due, event_seq) WHERE status = 'pending';
CREATE INDEX deliveries_leased ON deliveries (webhook_seq, lease) WHERE lease > 0;
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_seq, event_seq);
