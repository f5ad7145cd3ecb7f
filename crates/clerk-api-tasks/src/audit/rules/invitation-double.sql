-- id: invitation-double
-- severity: low
-- title: Second open invitation of the same person
-- says: {email_address} has {invitations} open invitations to {organization}
-- why: Revoking one of them leaves the others valid.
-- mend: clerk-api invitations revoke {organization_id} --invitation-id {invitation_id}
-- about: organization_id, normalized_address

SELECT i.organization_id,
       i.normalized_address,
       COALESCE(o.slug, o.name, o.id) AS organization,
       MIN(i.email_address) AS email_address,
       MIN(i.id) AS invitation_id,
       COUNT(*) AS invitations
FROM organization_invitations i
JOIN organizations o ON o.id = i.organization_id
WHERE i.status = 'pending'
GROUP BY i.organization_id, i.normalized_address, o.slug, o.name, o.id
HAVING COUNT(*) > 1
ORDER BY i.organization_id, i.normalized_address
