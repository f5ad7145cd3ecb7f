-- id: organization-with-one-admin
-- severity: medium
-- title: Organization with one admin only
-- says: {admin} is the only one of {members} members who can manage {organization}
-- why: When this person leaves or loses the account, nobody can manage the organization.
-- mend: clerk-api organizations update-member {organization_id} --user-id USER --role org:admin
-- about: organization_id
-- number: members = 2, "look only at organizations with at least this many members"
-- reference: SOC 2 CC6.2

SELECT o.id AS organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       COALESCE(u.primary_email_address, u.username, u.name, u.id) AS admin,
       m.members
FROM (SELECT organization_id,
             COUNT(*) AS members,
             MAX(CASE WHEN can_manage THEN user_id END) AS admin_id
      FROM memberships
      GROUP BY organization_id
      HAVING SUM(CASE WHEN can_manage THEN 1 ELSE 0 END) = 1 AND COUNT(*) >= :members) m
JOIN organizations o ON o.id = m.organization_id
JOIN users u ON u.id = m.admin_id
ORDER BY o.id
