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
       MAX(CASE WHEN m.can_manage THEN COALESCE(u.primary_email_address, u.username, u.id) END) AS admin,
       COUNT(*) AS members
FROM organizations o
JOIN memberships m ON m.organization_id = o.id
JOIN users u ON u.id = m.user_id
GROUP BY o.id, o.slug, o.name
HAVING SUM(CASE WHEN m.can_manage THEN 1 ELSE 0 END) = 1 AND COUNT(*) >= :members
ORDER BY o.id
