-- id: admin-dormant
-- severity: high
-- title: Dormant admin
-- says: {person} can manage {organization}, and did not sign in for {days} days
-- why: An account that nobody uses is the one whose takeover nobody notices, and this one manages others.
-- mend: clerk-api users memberships {user_id} --output table
-- about: user_id
-- number: days = 45, "days without a sign-in"
-- moment: cutoff = days before now
-- reference: CIS Controls v8 5.3
-- reference: SOC 2 CC6.2

SELECT u.id AS user_id,
       COALESCE(u.primary_email_address, u.username, u.name, u.id) AS person,
       a.organization,
       a.organizations,
       :days AS days,
       u.last_sign_in_at
FROM (SELECT m.user_id,
             MIN(COALESCE(o.slug, o.name, o.id))
               || CASE WHEN COUNT(*) > 1 THEN ' and ' || (COUNT(*) - 1) || ' more' ELSE '' END AS organization,
             COUNT(*) AS organizations
      FROM memberships m
      JOIN organizations o ON o.id = m.organization_id
      WHERE m.can_manage
      GROUP BY m.user_id) a
JOIN users u ON u.id = a.user_id
WHERE u.created_at < :cutoff
  AND (u.last_sign_in_at IS NULL OR u.last_sign_in_at < :cutoff)
  AND (u.last_active_at IS NULL OR u.last_active_at < :cutoff)
ORDER BY u.id
