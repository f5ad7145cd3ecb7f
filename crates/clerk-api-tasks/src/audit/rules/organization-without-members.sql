-- id: organization-without-members
-- severity: low
-- title: Organization without members
-- says: {organization} has no members
-- why: Nobody can use or manage it, and its slug is taken.
-- mend: clerk-api organizations delete {organization_id}
-- about: organization_id
-- reference: CIS Controls v8 5.1

SELECT o.id AS organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       o.created_at
FROM organizations o
WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m.organization_id = o.id)
ORDER BY o.id
