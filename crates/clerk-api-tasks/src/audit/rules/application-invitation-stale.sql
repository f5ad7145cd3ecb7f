-- id: application-invitation-stale
-- severity: low
-- title: Invitation to the application that is old
-- says: the invitation of {email_address} to the application is {state}
-- why: An old link still grants access where it is valid, and a person who was meant to come is not there.
-- mend: clerk-api application-invitations revoke {application_invitation_id}
-- about: application_invitation_id
-- number: days = 30, "days after which an open invitation is old"
-- moment: cutoff = days before now
-- reference: CIS Controls v8 6.1

SELECT i.id AS application_invitation_id,
       i.email_address,
       CASE WHEN i.status = 'expired' THEN 'expired' ELSE 'old' END AS state,
       i.created_at
FROM invitations i
WHERE ((i.status = 'pending' AND i.created_at < :cutoff) OR i.status = 'expired')
  AND NOT EXISTS (SELECT 1 FROM email_addresses e WHERE e.normalized_address = i.normalized_address)
  AND NOT EXISTS (SELECT 1 FROM invitations n
                  WHERE n.normalized_address = i.normalized_address AND n.created_at > i.created_at)
ORDER BY i.id
