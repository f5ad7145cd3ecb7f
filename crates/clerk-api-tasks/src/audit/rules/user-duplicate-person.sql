-- id: user-duplicate-person
-- severity: low
-- title: Several users with the same name and phone number
-- says: {users} users are called {name} and have the number {phone_number}
-- why: They are likely one person: what you change or take away on one account stays on the other.
-- mend: clerk-api users list --user-id {user_id},{other_user_id} --output table
-- about: phone_number, name
-- reference: CIS Controls v8 5.1

SELECT p.phone_number,
       u.name,
       COUNT(DISTINCT u.id) AS users,
       MIN(u.id) AS user_id,
       MAX(u.id) AS other_user_id
FROM phone_numbers p
JOIN users u ON u.id = p.user_id
WHERE u.name IS NOT NULL
  AND p.phone_number IN (SELECT d.phone_number FROM phone_numbers d
                         GROUP BY d.phone_number HAVING COUNT(*) > 1)
GROUP BY p.phone_number, u.name
HAVING COUNT(DISTINCT u.id) > 1
ORDER BY p.phone_number, u.name
