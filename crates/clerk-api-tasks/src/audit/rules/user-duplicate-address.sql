-- id: user-duplicate-address
-- severity: medium
-- title: Several users with the same mailbox
-- says: {users} users have addresses of the mailbox {normalized_address}: {first} and {last}
-- why: They are likely one person: what you change or take away on one account stays on the other.
-- mend: clerk-api users list --user-id {user_id},{other_user_id} --output table
-- about: normalized_address
-- reference: CIS Controls v8 5.1

SELECT e.normalized_address,
       COUNT(DISTINCT e.user_id) AS users,
       MIN(e.email_address) AS first,
       MAX(e.email_address) AS last,
       MIN(e.user_id) AS user_id,
       MAX(e.user_id) AS other_user_id
FROM email_addresses e
WHERE e.normalized_address IN (SELECT d.normalized_address FROM email_addresses d
                               GROUP BY d.normalized_address HAVING COUNT(*) > 1)
GROUP BY e.normalized_address
HAVING COUNT(DISTINCT e.user_id) > 1
ORDER BY e.normalized_address
