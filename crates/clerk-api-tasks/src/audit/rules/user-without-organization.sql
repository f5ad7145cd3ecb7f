-- id: user-without-organization
-- severity: info
-- title: User in no organization
-- says: {person} is in no organization
-- why: Where all work is in organizations, these are people who left or never arrived.
-- mend: clerk-api users get {user_id}
-- about: user_id
-- reference: CIS Controls v8 5.1

SELECT u.id AS user_id,
       COALESCE(u.primary_email_address, u.username, u.name, u.id) AS person,
       u.created_at,
       u.last_sign_in_at
FROM users u
WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id)
  AND EXISTS (SELECT 1 FROM organizations)
ORDER BY u.id
