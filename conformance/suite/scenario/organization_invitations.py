"""Checks of invitations to organizations."""

from ..check import NO_ORG, Wrong, covers, equal, ids, nothing, rows

NO_ORG_INVITATION = nothing("orginv")
DAY = 24 * 60 * 60 * 1000


def invited(c, count, **fields):
    """An organization with pending invitations; returns it, them (oldest first) and their tag."""
    tag = c.admin.tag()
    organization = c.admin.organization()
    made = [c.admin.organization_invitation(organization, email_address=f"{tag}+{number}@example.com", **fields)
            for number in range(count)]
    return organization, made, tag


def revoke(c, organization, invitation):
    c.admin.must("POST", f"/organizations/{organization['id']}/invitations/{invitation['id']}/revoke", {})


@covers("CreateOrganizationInvitation")
def create_organization_invitation(c):
    tag = c.admin.tag()
    owner = c.admin.user()
    organization = c.admin.organization(created_by=owner["id"])
    target = {"organization_id": organization["id"]}
    with c.part("every kind of field"):
        got = c.call(**target, email_address=f"{tag}+1@example.com", role="org:admin", inviter_user_id=owner["id"],
                     public_metadata={"team": 0}, private_metadata={"camelKey": [""]}, expires_in_days=3,
                     redirect_url="https://example.com/welcome?a=b")
        c.same(got, object="organization_invitation", email_address=f"{tag}+1@example.com", role="org:admin",
               organization_id=organization["id"], inviter_id=owner["id"], status="pending",
               public_metadata={"team": 0}, private_metadata={"camelKey": [""]})
        left = got["expires_at"] - got["created_at"]
        if abs(left - 3 * DAY) > 60_000:
            raise Wrong(f"expires after {left} ms, wanted three days")
        if not got["id"].startswith("orginv_"):
            raise Wrong(f"id {got['id']!r}")
    with c.part("smallest"):
        got = c.call(**target, email_address=f"{tag}-2@example.com", role="org:member")
        c.same(got, inviter_id=None, status="pending", public_metadata={})
        if abs(got["expires_at"] - got["created_at"] - 30 * DAY) > 60_000:
            raise Wrong("does not expire after thirty days")
    if c.can("notify"):
        with c.part("without mail"):
            c.same(c.call(**target, email_address=f"{tag}-3@example.com", role="org:member", notify=False),
                   status="pending")
    with c.part("pending already"):
        c.admin.organization_invitation(organization, email_address=f"{tag}-4@example.com")
        c.refused(400, ("organization_invitation_not_unique", "duplicate_record"), **target,
                  email_address=f"{tag}-4@example.com", role="org:member")
    with c.part("inviter is not a member"):
        c.refused(403, "not_a_member_in_organization", **target, email_address=f"{tag}-5@example.com",
                  role="org:member", inviter_user_id=c.admin.user()["id"])
    with c.part("not an e-mail address"):
        c.refused(422, "form_param_format_invalid", **target, email_address="nowhere", role="org:member")
    with c.part("unknown organization"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, email_address=f"{tag}-6@example.com",
                  role="org:member")
    with c.part("wrong key"):
        c.wrong_key(**target, email_address=f"{tag}-7@example.com", role="org:member")


@covers("CreateOrganizationInvitationBulk")
def create_organization_invitation_bulk(c):
    tag = c.admin.tag()
    organization = c.admin.organization()
    target = {"organization_id": organization["id"]}

    def items(count, prefix):
        return [{"email_address": f"{tag}{prefix}{number}@example.com", "role": "org:member",
                 "public_metadata": {"number": number}} for number in range(count)]

    with c.part("three at once"):
        got = c.call(**target, items=items(3, "a"))
        equal(got["total_count"], 3, "total_count")
        equal(sorted((row["email_address"], row["public_metadata"]["number"]) for row in rows(got)),
              [(f"{tag}a{number}@example.com", number) for number in range(3)], "rows")
        equal({row["status"] for row in rows(got)}, {"pending"}, "states")
        listed = c.admin.get(f"/organizations/{organization['id']}/invitations", limit=50)
        equal(listed["total_count"], 3, "stored")
    with c.part("more than ten"):
        c.refused((400, 422), None, **target, items=items(11, "b"))
    with c.part("unknown organization"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, items=items(1, "c"))


@covers("ListOrganizationInvitations")
def list_organization_invitations(c):
    organization, made, tag = invited(c, 5)
    target = {"organization_id": organization["id"]}
    all_ids = [one["id"] for one in made]
    revoke(c, organization, made[4])
    with c.part("rows are invitations"):
        got = c.call(**target, status=["pending"], limit=10)
        equal(got["total_count"], 4, "total_count")
        row = next(row for row in rows(got) if row["id"] == all_ids[0])
        c.same(row, object="organization_invitation", email_address=f"{tag}+0@example.com", role="org:member",
               organization_id=organization["id"], status="pending")
    with c.part("filter status"):
        equal(ids(c.call(**target, status=["revoked"])), [all_ids[4]], "revoked")
        equal(ids(c.call(**target, status=["accepted"])), [], "accepted")
    with c.part("pages by limit and offset"):
        listed = c.admin.get(f"/organizations/{organization['id']}/invitations", status="pending")
        c.pages(ids(listed), 3, **target, status=["pending"])
    if c.can("email_address"):
        with c.part("filter email_address, plus sign kept"):
            equal(ids(c.call(**target, email_address=f"{tag}+2@example.com")), [all_ids[2]], "ids")
    if c.can("order_by"):
        with c.part("order with a sign"):
            equal(ids(c.call(**target, status=["pending"], order_by="-email_address")), all_ids[3::-1], "ids")
            equal(ids(c.call(**target, status=["pending"], order_by="+email_address")), all_ids[:4], "ids")
    with c.part("unknown organization"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG)


@covers("ListPendingOrganizationInvitations")
def list_pending_organization_invitations(c):
    organization, made, _ = invited(c, 4)
    revoke(c, organization, made[0])
    target = {"organization_id": organization["id"]}
    with c.part("pending ones, by pages"):
        listed = c.admin.get(f"/organizations/{organization['id']}/invitations", status="pending")
        equal(sorted(ids(listed)), sorted(one["id"] for one in made[1:]), "pending")
        c.pages(ids(listed), 2, **target)
    with c.part("unknown organization"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG)


@covers("GetOrganizationInvitation")
def get_organization_invitation(c):
    organization, (made,), _ = invited(c, 1, public_metadata={"a": [1]})
    with c.part("by id"):
        got = c.call(organization_id=organization["id"], invitation_id=made["id"])
        c.same(got, **{name: made[name] for name in (
            "id", "object", "email_address", "role", "status", "organization_id", "public_metadata", "created_at",
            "expires_at")})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_id=organization["id"], invitation_id=NO_ORG_INVITATION)
    with c.part("of another organization"):
        c.refused(404, "resource_not_found", organization_id=c.admin.organization()["id"], invitation_id=made["id"])


@covers("RevokeOrganizationInvitation")
def revoke_organization_invitation(c):
    owner = c.admin.user()
    organization = c.admin.organization(created_by=owner["id"])
    target = {"organization_id": organization["id"]}
    made = [c.admin.organization_invitation(organization) for _ in range(3)]
    with c.part("revokes"):
        got = c.call(**target, invitation_id=made[0]["id"])
        c.same(got, id=made[0]["id"], status="revoked", email_address=made[0]["email_address"])
    with c.part("not pending any more"):
        c.refused(404, "organization_invitation_not_pending", **target, invitation_id=made[0]["id"])
    with c.part("in a user's name"):
        got = c.call(**target, invitation_id=made[1]["id"], requesting_user_id=owner["id"])
        c.same(got, id=made[1]["id"], status="revoked")
    with c.part("requesting user is not a member"):
        c.refused(403, "not_a_member_in_organization", **target, invitation_id=made[2]["id"],
                  requesting_user_id=c.admin.user()["id"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", **target, invitation_id=NO_ORG_INVITATION)
    with c.part("unknown organization"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, invitation_id=made[2]["id"])


@covers("ListInstanceOrganizationInvitations")
def list_instance_organization_invitations(c):
    organization, made, tag = invited(c, 4)
    revoke(c, organization, made[3])
    with c.part("rows name their organization"):
        got = c.call(query=f"{tag}+1")
        equal(ids(got), [made[1]["id"]], "ids")
        c.same(rows(got)[0], email_address=f"{tag}+1@example.com", status="pending")
        c.same(rows(got)[0]["public_organization_data"], id=organization["id"], name=organization["name"])
    with c.part("filter status"):
        equal(ids(c.call(query=tag, status="revoked")), [made[3]["id"]], "revoked")
    with c.part("pages by limit and offset"):
        c.pages([one["id"] for one in made], 3, query=tag, order_by="email_address")
    with c.part("nothing found"):
        equal(c.call(query="nothing" + tag), {"data": [], "total_count": 0}, "answer")
    with c.part("wrong key"):
        c.wrong_key()
