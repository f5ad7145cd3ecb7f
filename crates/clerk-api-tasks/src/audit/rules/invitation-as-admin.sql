-- id: invitation-as-admin
-- severity: medium
-- title: Open invitation with a role that manages the organization
-- says: {email_address} is invited to {organization} as {role}
-- why: Anyone who has this link becomes an admin; check that each one is meant so.
-- mend: clerk-api invitations revoke {organization_id} --invitation-id {invitation_id}
-- about: invitation_id
-- reference: CIS Controls v8 6.8
-- reference: SOC 2 CC6.3

SELECT i.id AS invitation_id,
       i.organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       i.email_address,
       i.role,
       i.created_at
FROM organization_invitations i
JOIN organizations o ON o.id = i.organization_id
WHERE i.status = 'pending' AND i.can_manage
ORDER BY i.id
