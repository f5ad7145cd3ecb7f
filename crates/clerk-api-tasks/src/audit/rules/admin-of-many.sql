-- id: admin-of-many
-- severity: medium
-- title: One person manages many organizations
-- says: {person} can manage {count} organizations
-- why: One account that is taken over opens all of them.
-- mend: clerk-api users memberships {user_id} --all --output table
-- about: user_id
-- number: organizations = 5, "report who manages more organizations than this"
-- reference: CIS Controls v8 5.4
-- reference: SOC 2 CC6.3

SELECT u.id AS user_id,
       COALESCE(u.primary_email_address, u.username, u.name, u.id) AS person,
       COUNT(*) AS count
FROM users u
JOIN memberships m ON m.user_id = u.id AND m.can_manage
GROUP BY u.id, u.primary_email_address, u.username, u.name
HAVING COUNT(*) > :organizations
ORDER BY u.id
