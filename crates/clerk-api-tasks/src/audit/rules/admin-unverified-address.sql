-- id: admin-unverified-address
-- severity: high
-- title: Admin with an unverified primary address
-- says: {person} can manage {organization}, and this address is not verified
-- why: Nobody proved that the mailbox belongs to this person, and resets of the password go there.
-- mend: clerk-api users get {user_id} --fields email_addresses
-- about: user_id
-- reference: SOC 2 CC6.1

SELECT u.id AS user_id,
       u.primary_email_address AS person,
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
WHERE u.primary_email_address IS NOT NULL AND NOT COALESCE(u.primary_email_verified, FALSE)
ORDER BY u.id
