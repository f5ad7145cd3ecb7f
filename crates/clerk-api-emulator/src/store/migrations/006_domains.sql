-- Domains of organizations. `name`: as in mail addresses, in lower case.
CREATE TABLE organization_domains (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  organization_seq INTEGER NOT NULL,
  name TEXT NOT NULL, mode TEXT NOT NULL, verified INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  wire TEXT NOT NULL,
  UNIQUE (organization_seq, name)
);
CREATE INDEX organization_domains_by_created ON organization_domains (created_at, id);
CREATE INDEX organization_domains_by_organization ON organization_domains (organization_seq, created_at, id);
CREATE INDEX organization_domains_by_name ON organization_domains (name);

INSERT INTO counters VALUES ('organization_domains', 0);
