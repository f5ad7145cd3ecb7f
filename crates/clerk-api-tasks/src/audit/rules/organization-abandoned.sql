-- id: organization-abandoned
-- severity: low
-- title: Abandoned organization
-- says: nobody of {organization} signed in for {days} days (members: {members})
-- why: Its people still have access to its data, and nobody would notice if somebody else used it.
-- mend: clerk-api organizations members {organization_id} --output table
-- about: organization_id
-- number: days = 90, "days without a sign-in of any member"
-- moment: cutoff = days before now
-- reference: CIS Controls v8 5.3
-- reference: SOC 2 CC6.2

SELECT o.id AS organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       s.members,
       :days AS days,
       s.last_sign_in_at
FROM organizations o
JOIN (SELECT m.organization_id,
             COUNT(*) AS members,
             MAX(u.last_sign_in_at) AS last_sign_in_at,
             MAX(u.last_active_at) AS last_active_at
      -- One pass in the order of users: theirs is the table with the long rows.
      FROM users u
      CROSS JOIN memberships m
      WHERE m.user_id = u.id
      GROUP BY m.organization_id) s ON s.organization_id = o.id
WHERE o.created_at < :cutoff
  AND (s.last_sign_in_at IS NULL OR s.last_sign_in_at < :cutoff)
  AND (s.last_active_at IS NULL OR s.last_active_at < :cutoff)
  AND o.id NOT IN (SELECT j.organization_id FROM memberships j
                   WHERE j.created_at >= :cutoff AND j.organization_id IS NOT NULL)
ORDER BY o.id
