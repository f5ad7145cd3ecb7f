-- id: organization-near-limit
-- severity: medium
-- title: Organization at or near its membership limit
-- says: {organization} has {taken} of {allowed} places taken
-- why: The next invitation or member is refused with an error that its admins cannot solve.
-- mend: clerk-api organizations update {organization_id} --max-allowed-memberships N
-- about: organization_id
-- number: percent = 90, "report from this share of the limit"

SELECT o.id AS organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       COALESCE(o.members_count, 0) + COALESCE(o.pending_invitations_count, 0) AS taken,
       o.max_allowed_memberships AS allowed
FROM organizations o
WHERE o.max_allowed_memberships > 0
  AND (COALESCE(o.members_count, 0) + COALESCE(o.pending_invitations_count, 0)) * 100
      >= o.max_allowed_memberships * :percent
ORDER BY o.id
