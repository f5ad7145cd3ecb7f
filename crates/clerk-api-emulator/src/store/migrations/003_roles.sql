-- What members may do. `system`: every instance has it. Texts as in 001.
CREATE TABLE permissions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  system INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  wire TEXT NOT NULL
);

-- `custom`: not from the beginning. `elevated`: holds what the last such member may not lose.
-- `membership`: the part of a membership's JSON that comes from the role.
CREATE TABLE roles (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  custom INTEGER NOT NULL, elevated INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  wire TEXT NOT NULL, membership TEXT NOT NULL
);
CREATE INDEX roles_elevated ON roles (seq) WHERE elevated;
CREATE TABLE role_permissions (
  role_seq INTEGER NOT NULL, permission_seq INTEGER NOT NULL,
  PRIMARY KEY (role_seq, permission_seq)
) WITHOUT ROWID;

-- Which roles the members of an organization can have. `initial`: that of new organizations.
CREATE TABLE role_sets (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  initial INTEGER NOT NULL,
  default_role INTEGER NOT NULL, creator_role INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  wire TEXT NOT NULL
);
CREATE TABLE role_set_roles (
  role_set_seq INTEGER NOT NULL, role_seq INTEGER NOT NULL,
  PRIMARY KEY (role_set_seq, role_seq)
) WITHOUT ROWID;

-- Roles were texts and there were two of them, which will be the rows 1 and 2.
DROP TRIGGER memberships_come;
DROP TRIGGER memberships_change;
DROP TRIGGER memberships_go;
DROP INDEX memberships_by_role;
ALTER TABLE memberships ADD COLUMN role_seq INTEGER NOT NULL DEFAULT 1;
UPDATE memberships SET role_seq = 2 WHERE role <> 'org:admin';
UPDATE memberships SET wire = json_remove(wire, '$.role', '$.role_name', '$.permissions');
ALTER TABLE memberships DROP COLUMN role;
ALTER TABLE memberships DROP COLUMN elevated;
CREATE INDEX memberships_by_role ON memberships (role_seq, organization_seq, created_at, id);

ALTER TABLE organization_invitations ADD COLUMN role_seq INTEGER NOT NULL DEFAULT 1;
UPDATE organization_invitations SET role_seq = 2 WHERE json_extract(wire, '$.role') <> 'org:admin';

ALTER TABLE organizations DROP COLUMN admins_count;
ALTER TABLE organizations ADD COLUMN role_set_seq INTEGER NOT NULL DEFAULT 1;
UPDATE organizations SET wire = json_set(wire, '$.role_set_key', 'role_set:default');

CREATE TRIGGER memberships_come AFTER INSERT ON memberships BEGIN
  UPDATE organizations SET members_count = members_count + 1 WHERE seq = new.organization_seq;
END;
CREATE TRIGGER memberships_go AFTER DELETE ON memberships BEGIN
  UPDATE organizations SET members_count = members_count - 1 WHERE seq = old.organization_seq;
END;
