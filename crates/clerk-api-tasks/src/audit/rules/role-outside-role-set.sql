-- id: role-outside-role-set
-- severity: medium
-- title: Role in use that the role set of the organization lacks
-- says: {role} is in use in {organization} (members: {members}), and its role set {role_set} does not have it
-- why: Nobody can be given this role any more, and its members keep permissions that were taken out of the set.
-- mend: clerk-api organizations members {organization_id} --role {role} --output table
-- about: organization_id, role
-- reference: CIS Controls v8 6.8
-- reference: SOC 2 CC6.3

SELECT o.id AS organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       m.role,
       o.role_set_key AS role_set,
       m.members
FROM (SELECT organization_id, role, COUNT(*) AS members
      FROM memberships
      GROUP BY organization_id, role) m
JOIN organizations o ON o.id = m.organization_id
LEFT JOIN role_set_roles r ON r.role_set_key = o.role_set_key AND r.role_key = m.role
WHERE r.role_key IS NULL
  AND o.role_set_key IN (SELECT role_set_key FROM role_set_roles)
ORDER BY o.id, m.role
