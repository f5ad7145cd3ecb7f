-- id: organization-missing-permissions
-- severity: high
-- title: Organization that the API reports as without a member with elevated permissions
-- says: {organization} has no member with elevated permissions, says the API
-- why: Clerk itself finds nobody who has the permissions to manage this organization.
-- mend: clerk-api organizations update-member {organization_id} --user-id USER --role org:admin
-- about: organization_id
-- reference: SOC 2 CC6.2

SELECT o.id AS organization_id,
       COALESCE(o.slug, o.name, o.id) AS organization
FROM organizations o
WHERE o.missing_member_with_elevated_permissions
  AND EXISTS (SELECT 1 FROM memberships m WHERE m.organization_id = o.id)
ORDER BY o.id
