-- id: user-disposable-domain
-- severity: medium
-- title: User with an address of a disposable domain
-- says: {person} has the address {email_address} of a service for throw-away mailboxes
-- why: Anyone can read such a mailbox, and with it reset the password.
-- mend: clerk-api users ban {user_id}
-- about: user_id, email_address_id
-- reference: SOC 2 CC6.1

SELECT e.user_id,
       e.id AS email_address_id,
       COALESCE(u.primary_email_address, u.username, u.name, u.id) AS person,
       e.email_address,
       e.domain
FROM email_addresses e
JOIN disposable_domains d ON d.domain = e.domain
JOIN users u ON u.id = e.user_id
ORDER BY e.user_id, e.id
