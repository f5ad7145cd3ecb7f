-- id: user-never-signed-in
-- severity: low
-- title: User who never signed in
-- says: {person} never signed in since {created_at}
-- why: The account has access that nobody uses, and often a password that somebody else chose.
-- mend: clerk-api users delete {user_id}
-- about: user_id
-- number: days = 30, "days since the user was created"
-- moment: cutoff = days before now
-- reference: CIS Controls v8 5.3

SELECT u.id AS user_id,
       COALESCE(u.primary_email_address, u.username, u.name, u.id) AS person,
       u.created_at
FROM users u
WHERE u.last_sign_in_at IS NULL AND u.created_at < :cutoff
ORDER BY u.id
