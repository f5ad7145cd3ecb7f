-- Invitations are found by their ticket, also when they are settled and their JSON has no link any more.
-- The address in front of the link is put in when it is sent.
ALTER TABLE invitations ADD COLUMN ticket TEXT;
ALTER TABLE invitations ADD COLUMN redirect_url TEXT;
UPDATE invitations SET ticket = substr(json_extract(wire, '$.url'), -64)
  WHERE json_extract(wire, '$.url') IS NOT NULL;
UPDATE invitations SET wire = json_set(wire, '$.url', '/v1/tickets/accept?ticket=' || ticket)
  WHERE ticket IS NOT NULL;
CREATE UNIQUE INDEX invitations_by_ticket ON invitations (ticket) WHERE ticket IS NOT NULL;

ALTER TABLE organization_invitations ADD COLUMN ticket TEXT;
ALTER TABLE organization_invitations ADD COLUMN redirect_url TEXT;
UPDATE organization_invitations SET ticket = substr(json_extract(wire, '$.url'), -64)
  WHERE json_extract(wire, '$.url') IS NOT NULL;
UPDATE organization_invitations SET wire = json_set(wire, '$.url', '/v1/tickets/accept?ticket=' || ticket)
  WHERE ticket IS NOT NULL;
CREATE UNIQUE INDEX organization_invitations_by_ticket ON organization_invitations (ticket)
  WHERE ticket IS NOT NULL;

-- What would have been mailed. about: the id of the object that the mail is about. `wire` is the mail with what
-- it says as facts: subject and text are written when it is read.
CREATE TABLE mails (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  recipient TEXT NOT NULL, about TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  wire TEXT NOT NULL
);
CREATE INDEX mails_by_recipient ON mails (recipient, seq);
