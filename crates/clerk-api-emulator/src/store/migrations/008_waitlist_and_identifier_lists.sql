-- Who waits to be let in. invitation: the id of the one that was made for them.
CREATE TABLE waitlist_entries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
  invitation TEXT, invited_at INTEGER,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
);
CREATE INDEX waitlist_entries_by_created ON waitlist_entries (created_at, id);
CREATE INDEX waitlist_entries_by_status ON waitlist_entries (status, created_at, id);
CREATE INDEX waitlist_entries_by_invited ON waitlist_entries (invited_at);
CREATE INDEX waitlist_entries_by_invitation ON waitlist_entries (invitation) WHERE invitation IS NOT NULL;

-- list: 1 those who may sign up, 2 those who may not. identifier: in lower case, or `*@` and a domain.
CREATE TABLE listed_identifiers (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  list INTEGER NOT NULL, identifier TEXT NOT NULL,
  wire TEXT NOT NULL,
  UNIQUE (list, identifier)
);
CREATE INDEX listed_identifiers_of_list ON listed_identifiers (list, seq);
