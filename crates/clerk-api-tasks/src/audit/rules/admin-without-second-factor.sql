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
       MIN(COALESCE(o.slug, o.name, o.id))
         || CASE WHEN COUNT(*) > 1 THEN ' and ' || (COUNT(*) - 1) || ' more' ELSE '' END AS organization,
       COUNT(*) AS organizations
FROM users u
JOIN memberships m ON m.user_id = u.id AND m.can_manage
JOIN organizations o ON o.id = m.organization_id
WHERE NOT u.two_factor_enabled
GROUP BY u.id, u.primary_email_address, u.username, u.name
ORDER BY u.id
