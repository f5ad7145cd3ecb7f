"""What an instance holds before requests are made up: something of every kind, so that they lead beyond 404."""

WALLET = "0x" + "ab12" * 10


def prepare(ask):
    """Makes objects, and returns what there is: rows of ids that belong together, and values for fields of bodies and queries.

    `ask(method, path, body)` returns the value of an answer.
    """
    def listed(path):
        answer = ask("GET", path)
        return answer["data"] if isinstance(answer, dict) else answer

    def made(count, path, body, name):
        """Rows with the ids of so many objects; `body` makes the fields of each of its number."""
        return [{name: ask("POST", path, body(number))["id"]} for number in range(count)]

    users = listed("/users?limit=200")
    organizations = listed("/organizations?limit=40")
    user = [one["id"] for one in users]
    wallets = [ask("POST", "/users", {"web3_wallet": [WALLET[:-1] + digit], "password": "correct horse"}) for digit in "0123456789abcdef"]
    rows = [{"user_id": one} for one in user]
    rows += [{"user_id": one["id"], "web3_wallet_identification_id": one["web3_wallets"][0]["id"]} for one in wallets]
    rows += [{"user_id": one, "provider": "google"} for one in user]
    for kind, name in (("email_address", "email_addresses"), ("phone_number", "phone_numbers")):
        for n, one in enumerate([one for user in users for one in user[name]][:40]):
            rows.append({f"{kind}_id": one["id"]})
            if n % 2:
                ask("POST", f"/{name}/{one['id']}/prepare_verification", {"strategy": kind.split("_")[0] + "_code"})
    rows += [{"organization_id": one["id"]} for one in organizations]
    for one in listed("/organization_memberships?limit=300"):
        rows.append({"organization_id": one["organization"]["id"], "user_id": one["public_user_data"]["user_id"]})
    for one in organizations[:20]:
        for invitation in listed(f"/organizations/{one['id']}/invitations?limit=10"):
            rows.append({"organization_id": one["id"], "invitation_id": invitation["id"]})
        for row in made(2, f"/organizations/{one['id']}/domains", lambda n, own=one: {"name": f"d{n}.{own['id'][-6:]}.test"}, "domain_id"):
            rows.append({"organization_id": one["id"], **row})
    rows += [{"invitation_id": one["id"]} for one in listed("/invitations?limit=50")]

    permissions = made(12, "/organization_permissions", lambda n: {"name": f"P{n}", "key": f"org:thing{n}:read"}, "permission_id")
    roles = made(6, "/organization_roles", lambda n: {"name": f"R{n}", "key": f"org:r{n}"}, "organization_role_id")
    rows += permissions + roles
    for n, row in enumerate({**role, **permission} for role in roles for permission in permissions):
        rows.append(row)
        if n % 2:
            ask("POST", f"/organization_roles/{row['organization_role_id']}/permissions/{row['permission_id']}")
    both = {"default_role_key": "org:member", "creator_role_key": "org:admin", "roles": ["org:admin", "org:member", "org:r0"]}
    rows += made(4, "/role_sets", lambda n: {"name": f"Set {n}", "key": f"role_set:s{n}", **both}, "role_set_key_or_id")

    sessions = made(20, "/sessions", lambda n: {"user_id": user[n]}, "session_id")
    rows += sessions
    rows += made(6, "/jwt_templates", lambda n: {"name": f"t{n}", "claims": {"n": n}}, "template_id")
    rows += [{**session, "template_name": f"t{n % 6}"} for n, session in enumerate(sessions)]
    rows += made(6, "/sign_in_tokens", lambda n: {"user_id": user[n]}, "sign_in_token_id")
    rows += made(6, "/actor_tokens", lambda n: {"user_id": user[n], "actor": {"sub": user[n + 1]}}, "actor_token_id")
    rows += made(6, "/redirect_urls", lambda n: {"url": f"https://u{n}.test/"}, "id")
    rows += made(12, "/waitlist_entries", lambda n: {"email_address": f"w{n}@example.test", "notify": False}, "waitlist_entry_id")
    for kind in ("allowlist", "blocklist"):
        rows += made(6, f"/{kind}_identifiers", lambda n, own=kind: {"identifier": f"{own}{n}@example.test"}, "identifier_id")
    addresses = [f"new{n}@example.test" for n in range(9)]
    values = {
        "user_id": user,
        "user_ids": user,
        "organization_id": [one["id"] for one in organizations],
        "created_by": user,
        "email_address": addresses,
        "identifier": addresses,
        "phone_number": [f"+1415555019{n}" for n in range(9)],
        "username": [f"new_{n}" for n in range(9)],
        "name": ["Acme", "acme.test", "acme"],
        "key": ["org:new", "org:new:do", "role_set:new"],
        "url": ["https://new.test/", "app://new"],
        "role": ["org:admin", "org:member"],
        "roles": ["org:admin", "org:member", "org:r1"],
        "permissions": [f"org:thing{n}:read" for n in range(12)],
        "role_set_key": [f"role_set:s{n}" for n in range(4)],
        "dest_role_set_key": [f"role_set:s{n}" for n in range(4)],
        "creator_role_key": ["org:admin"],
        "default_role_key": ["org:member"],
        "role_keys": ["org:r1", "org:r2", "org:r3"],
        "role_key": ["org:r0", "org:member"],
        "to_role_key": ["org:r1", "org:admin"],
        "code": ["424242"],
        "password": ["correct horse"],
        "currency": ["usd"],
        "idempotency_key": [f"key{n}" for n in range(9)],
        "enrollment_mode": ["manual_invitation", "automatic_invitation"],
        "first_name": ["Ada"],
        "last_name": ["Lovelace"],
        "locale": ["en-US"],
        "created_at": ["2020-01-01T00:00:00Z"],
        "legal_accepted_at": ["2020-01-01T00:00:00Z"],
        "password_digest": ["$2a$04$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"],
        "password_hasher": ["bcrypt"],
        "totp_secret": ["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"],
        "web3_wallet": ["0x" + "cd34" * 9 + f"000{n}" for n in range(9)],
        "redirect_url": ["https://new.test/"],
        "signing_algorithm": ["RS256"],
    }
    # What the API needs though the specification does not say so.
    needed = {
        "POST /users": {"username": "new_user"},
        "POST /organizations/{organization_id}/domains": {"name": "new.test"},
    }
    return {"rows": rows, "values": values, "needed": needed}
