-- id: member-outside-domains
-- severity: low
-- title: Member outside the verified domains of the organization
-- says: {person} is {role} of {organization}, and has no verified address in its domains
-- why: In an organization with domains of its own, others are guests who are easily forgotten.
-- mend: clerk-api organizations remove-member {organization_id} --user-id {user_id}
-- about: organization_id, user_id
-- reference: SOC 2 CC6.2

SELECT m.organization_id,
       m.user_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       COALESCE(u.primary_email_address, u.username, u.name, u.id) AS person,
       m.role
FROM memberships m
JOIN organizations o ON o.id = m.organization_id
JOIN users u ON u.id = m.user_id
WHERE m.organization_id IN (SELECT d.organization_id FROM domains d WHERE d.verified)
  AND NOT EXISTS (SELECT 1 FROM email_addresses e
                  JOIN domains d ON LOWER(d.name) = e.domain
                  WHERE e.user_id = m.user_id AND e.verified
                    AND d.organization_id = m.organization_id AND d.verified)
ORDER BY m.organization_id, m.user_id
