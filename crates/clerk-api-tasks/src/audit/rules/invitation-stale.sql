-- id: invitation-stale
-- severity: low
-- title: Invitation to an organization that expired or is old
-- says: the invitation of {email_address} to {organization} is {state}
-- why: An old link still grants access where it is valid, and a person who was meant to come is not there.
-- mend: clerk-api invitations revoke {organization_id} --invitation-id {invitation_id}
-- about: invitation_id
-- number: days = 14, "days after which an open invitation is old"
-- moment: cutoff = days before now
-- reference: CIS Controls v8 6.1

SELECT i.id AS invitation_id,
       i.organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       i.email_address,
       CASE WHEN i.status = 'expired' OR i.expires_at < :now THEN 'expired' ELSE 'old' END AS state,
       i.created_at
FROM organization_invitations i
JOIN organizations o ON o.id = i.organization_id
WHERE (i.status = 'pending' AND (i.created_at < :cutoff OR i.expires_at < :now))
   OR (i.status = 'expired'
       AND NOT EXISTS (SELECT 1 FROM organization_invitations n
                       WHERE n.normalized_address = i.normalized_address
                         AND n.organization_id = i.organization_id
                         AND n.created_at > i.created_at)
       AND NOT EXISTS (SELECT 1 FROM email_addresses e
                       JOIN memberships m ON m.user_id = e.user_id
                       WHERE e.normalized_address = i.normalized_address
                         AND m.organization_id = i.organization_id))
ORDER BY i.id
