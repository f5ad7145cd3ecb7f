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
       m.count
FROM (SELECT user_id, COUNT(*) AS count
      FROM memberships
      WHERE can_manage
      GROUP BY user_id
      HAVING COUNT(*) > :organizations) m
JOIN users u ON u.id = m.user_id
ORDER BY u.id
