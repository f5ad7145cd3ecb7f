-- id: admin-without-second-factor
-- severity: high
-- title: Admin without a second factor
-- says: {person} can manage {organization}, and has no second factor
-- why: A stolen password is enough to take over the organization.
-- mend: clerk-api users get {user_id}
-- about: user_id
-- reference: CIS Controls v8 6.5
-- reference: SOC 2 CC6.1

SELECT u.id AS user_id,
       COALESCE(u.primary_email_address, u.username, u.name, u.id) AS person,
       a.organization,
       a.organizations
FROM (SELECT m.user_id,
             MIN(COALESCE(o.slug, o.name, o.id))
               || CASE WHEN COUNT(*) > 1 THEN ' and ' || (COUNT(*) - 1) || ' more' ELSE '' END AS organization,
             COUNT(*) AS organizations
      FROM memberships m
      JOIN organizations o ON o.id = m.organization_id
      WHERE m.can_manage
      GROUP BY m.user_id) a
JOIN users u ON u.id = a.user_id
WHERE NOT u.two_factor_enabled
ORDER BY u.id
