-- id: invitation-foreign-domain
-- severity: medium
-- title: Invitation to a domain that is new to the organization
-- says: {email_address} is invited to {organization}, where no member and no verified domain has {domain}
-- why: A mistyped or private address gives a stranger access to the organization.
-- mend: clerk-api invitations revoke {organization_id} --invitation-id {invitation_id}
-- about: invitation_id
-- reference: SOC 2 CC6.2

SELECT i.id AS invitation_id,
       i.organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       i.email_address,
       i.domain,
       i.role
FROM organization_invitations i
JOIN organizations o ON o.id = i.organization_id
LEFT JOIN (SELECT DISTINCT m.organization_id, e.domain
           FROM email_addresses e
           CROSS JOIN memberships m
           WHERE m.user_id = e.user_id
             AND (COALESCE(m.organization_id, ''), e.domain) IN (SELECT p.organization_id, p.domain
                                                                 FROM organization_invitations p
                                                                 WHERE p.status = 'pending')
           ) k ON k.organization_id = i.organization_id AND k.domain = i.domain
WHERE i.status = 'pending'
  AND k.domain IS NULL
  AND (EXISTS (SELECT 1 FROM memberships m WHERE m.organization_id = i.organization_id)
       OR EXISTS (SELECT 1 FROM domains d WHERE d.organization_id = i.organization_id AND d.verified))
  AND NOT EXISTS (SELECT 1 FROM domains d
                  WHERE d.organization_id = i.organization_id AND d.verified AND LOWER(d.name) = i.domain)
ORDER BY i.id
