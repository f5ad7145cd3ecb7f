-- Codes that were sent to email addresses and phone numbers, and what became of them.
CREATE TABLE verifications (
  id TEXT PRIMARY KEY,
  identification TEXT NOT NULL, user_seq INTEGER NOT NULL,
  code TEXT NOT NULL,
  status TEXT NOT NULL, attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL, expire_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX verifications_by_identification ON verifications (identification, created_at);
CREATE INDEX verifications_by_user ON verifications (user_seq);
