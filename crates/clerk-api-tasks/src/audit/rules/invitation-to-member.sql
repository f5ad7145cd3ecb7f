-- id: invitation-to-member
-- severity: low
-- title: Open invitation of somebody who is already a member
-- says: {email_address} is invited to {organization}, and {person} is already a member
-- why: The invitation takes a place, and its link is a second way in.
-- mend: clerk-api invitations revoke {organization_id} --invitation-id {invitation_id}
-- about: invitation_id

SELECT i.id AS invitation_id,
       i.organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       i.email_address,
       MIN(e.email_address) AS person,
       MIN(e.user_id) AS user_id
FROM organization_invitations i
JOIN organizations o ON o.id = i.organization_id
JOIN email_addresses e ON e.normalized_address = i.normalized_address
WHERE i.status = 'pending'
  AND EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = e.user_id AND m.organization_id = i.organization_id)
GROUP BY i.id, i.organization_id, o.slug, o.name, o.id, i.email_address
ORDER BY i.id
