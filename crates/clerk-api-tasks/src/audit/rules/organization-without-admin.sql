-- id: organization-without-admin
-- severity: high
-- title: Organization that nobody can manage
-- says: nobody in {organization} can manage its members (members: {members})
-- why: Nobody in it can add, change or remove people, so they turn to your support.
-- mend: clerk-api organizations update-member {organization_id} --user-id USER --role org:admin
-- about: organization_id
-- reference: CIS Controls v8 6.2
-- reference: SOC 2 CC6.2

SELECT o.id AS organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       COUNT(*) AS members
FROM organizations o
JOIN memberships m ON m.organization_id = o.id
GROUP BY o.id, o.slug, o.name
HAVING SUM(CASE WHEN m.can_manage THEN 1 ELSE 0 END) = 0
ORDER BY o.id
