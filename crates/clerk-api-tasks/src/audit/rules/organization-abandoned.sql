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
       COUNT(*) AS members,
       :days AS days,
       MAX(u.last_sign_in_at) AS last_sign_in_at
FROM organizations o
JOIN memberships m ON m.organization_id = o.id
JOIN users u ON u.id = m.user_id
WHERE o.id IN (SELECT c.id FROM organizations c
               WHERE c.created_at < :cutoff
                 AND NOT EXISTS (SELECT 1 FROM memberships a
                                 JOIN users v ON v.id = a.user_id
                                 WHERE a.organization_id = c.id
                                   AND (v.last_sign_in_at >= :cutoff
                                     OR v.last_active_at >= :cutoff
                                     OR a.created_at >= :cutoff)))
GROUP BY o.id, o.slug, o.name
ORDER BY o.id
