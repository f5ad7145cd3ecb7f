"""Checks of what happens to users: ban, lock, and what belongs to them."""

from ..check import NOBODY, covers, equal, ids, rows


def _flag(operation, field, wanted, before=None):
    def check(c):
        user = c.admin.user()
        if before:
            c.admin.must("POST", f"/users/{user['id']}/{before}")
        with c.part(f"sets {field} to {str(wanted).lower()}"):
            got = c.call(user_id=user["id"])
            c.same(got, id=user["id"], **{field: wanted})
            equal(c.admin.get("/users/" + user["id"])[field], wanted, "stored " + field)
        with c.part("again"):
            c.same(c.call(user_id=user["id"]), **{field: wanted})
        with c.part("unknown id"):
            c.refused(404, "resource_not_found", user_id=NOBODY)

    covers(operation)(check)


_flag("BanUser", "banned", True)
_flag("UnbanUser", "banned", False, before="ban")
_flag("LockUser", "locked", True)
_flag("UnlockUser", "locked", False, before="lock")


def _flag_many(operation, wanted, before=None):
    def check(c):
        users = [c.admin.user() for _ in range(3)]
        chosen = [user["id"] for user in users[:2]]
        if before:
            c.admin.must("POST", "/users/" + before, {"user_ids": [user["id"] for user in users]})
        with c.part("two users"):
            got = c.call(user_ids=chosen)
            equal(sorted(ids(got)), sorted(chosen), "ids")
            equal([row["banned"] for row in rows(got)], [wanted, wanted], "banned")
            equal(c.admin.get("/users/" + users[2]["id"])["banned"], not wanted, "the third user")
        with c.part("more than fifty"):
            c.refused((400, 422), None, user_ids=[f"user_{number:027}" for number in range(51)])

    covers(operation)(check)


_flag_many("UsersBan", True)
_flag_many("UsersUnban", False, before="ban")


@covers("UsersGetOrganizationMemberships")
def users_get_organization_memberships(c):
    user = c.admin.user(first_name="Ada")
    organizations = [c.admin.organization(created_by=user["id"]) for _ in range(2)]
    third = c.admin.organization()
    c.admin.member(third, user, public_metadata={"desk": 4})
    with c.part("rows are memberships"):
        found = {row["organization"]["id"]: row for row in rows(c.call(user_id=user["id"]))}
        equal(sorted(found), sorted(one["id"] for one in [*organizations, third]), "organizations")
        c.same(found[third["id"]], object="organization_membership", role="org:member", public_metadata={"desk": 4})
        c.same(found[third["id"]]["public_user_data"], user_id=user["id"], first_name="Ada",
               identifier=user["email_addresses"][0]["email_address"])
        equal(found[organizations[0]["id"]]["role"], "org:admin", "role of the creator")
    with c.part("pages by limit and offset"):
        newest_first = c.admin.get(f"/users/{user['id']}/organization_memberships", limit=10)
        c.pages([row["id"] for row in newest_first["data"]], 2, user_id=user["id"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY)


@covers("UsersGetOrganizationInvitations")
def users_get_organization_invitations(c):
    user = c.admin.user()
    address = user["email_addresses"][0]["email_address"]
    organizations = [c.admin.organization() for _ in range(3)]
    made = [c.admin.organization_invitation(one, email_address=address) for one in organizations]
    c.admin.must("POST", f"/organizations/{organizations[0]['id']}/invitations/{made[0]['id']}/revoke", {})
    with c.part("pending ones"):
        found = {row["id"]: row for row in rows(c.call(user_id=user["id"], status="pending"))}
        equal(sorted(found), sorted(one["id"] for one in made[1:]), "ids")
        one = found[made[1]["id"]]
        c.same(one, email_address=address, role="org:member", status="pending")
        c.same(one["public_organization_data"], id=organizations[1]["id"], name=organizations[1]["name"])
    with c.part("revoked ones"):
        equal(ids(c.call(user_id=user["id"], status="revoked")), [made[0]["id"]], "ids")
    with c.part("pages by limit and offset"):
        listed = c.admin.get(f"/users/{user['id']}/organization_invitations", status="pending")
        c.pages(ids(listed), 1, user_id=user["id"], status="pending")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY)


@covers("ListUserTrustedDevices", only="empty list and refusals; no device can enroll here")
def list_user_trusted_devices(c):
    user = c.admin.user()
    with c.part("none"):
        got = c.call(user_id=user["id"])
        equal(rows(got), [], "rows")
        equal(got["total_count"], 0, "total_count")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY)


@covers("RevokeUserTrustedDevice", only="refusals; no device can enroll here")
def revoke_user_trusted_device(c):
    user = c.admin.user()
    with c.part("unknown device"):
        c.refused(404, "resource_not_found", user_id=user["id"], trusted_device_id="trd_nothing")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY, trusted_device_id="trd_nothing")


@covers("GetOAuthAccessToken", only="refusals; no user can sign in with a provider here")
def get_oauth_access_token(c):
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY, provider="oauth_google")
