-- id: member-banned-or-locked
-- severity: medium
-- title: Banned or locked member
-- says: {person} is {role} of {organization} and is {state}
-- why: A person who may not sign in still holds a place and a role, which come back when the ban ends.
-- mend: clerk-api organizations remove-member {organization_id} --user-id {user_id}
-- about: organization_id, user_id
-- reference: CIS Controls v8 6.2
-- reference: SOC 2 CC6.2

SELECT m.organization_id,
       m.user_id,
       COALESCE(o.slug, o.name, o.id) AS organization,
       COALESCE(u.primary_email_address, u.username, u.name, u.id) AS person,
       m.role,
       CASE WHEN u.banned THEN 'banned' ELSE 'locked' END AS state
FROM memberships m
JOIN users u ON u.id = m.user_id
JOIN organizations o ON o.id = m.organization_id
WHERE m.user_id IN (SELECT b.id FROM users b WHERE b.banned OR b.locked)
ORDER BY m.organization_id, m.user_id
