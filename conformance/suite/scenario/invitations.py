"""Checks of invitations to the application."""

from ..check import Wrong, covers, equal, ids, nothing, rows

NO_INVITATION = nothing("inv")
DAY = 24 * 60 * 60 * 1000


def revoke(c, invitation):
    c.admin.must("POST", f"/invitations/{invitation['id']}/revoke")


@covers("CreateInvitation")
def create_invitation(c):
    tag = c.admin.tag()
    with c.part("every kind of field"):
        got = c.call(email_address=f"{tag}+1@example.com", public_metadata={"camelKey": 0},
                     redirect_url="https://example.com/?a=b", notify=False, expires_in_days=3)
        c.same(got, object="invitation", email_address=f"{tag}+1@example.com", status="pending",
               public_metadata={"camelKey": 0})
        if not got["id"].startswith("inv_"):
            raise Wrong(f"id {got['id']!r}")
        (held,) = c.admin.get("/invitations", query=f"{tag}+1")
        if abs(held["expires_at"] - held["created_at"] - 3 * DAY) > 60_000:
            raise Wrong("does not expire after three days")
    with c.part("pending already"):
        c.admin.invitation(email_address=f"{tag}-2@example.com")
        c.refused(400, "duplicate_record", email_address=f"{tag}-2@example.com")
    with c.part("pending already, ignored"):
        c.same(c.call(email_address=f"{tag}-2@example.com", ignore_existing=True), status="pending")
    with c.part("address of a user"):
        c.admin.user(email_address=[f"{tag}-3@example.com"])
        c.refused((400, 422), ("form_identifier_exists", "duplicate_record"), email_address=f"{tag}-3@example.com")
    with c.part("not an e-mail address"):
        c.refused(422, "form_param_format_invalid", email_address="nowhere")
    with c.part("wrong key"):
        c.wrong_key(email_address=f"{tag}-4@example.com")


@covers("CreateBulkInvitations")
def create_bulk_invitations(c):
    tag = c.admin.tag()

    def items(count, prefix):
        return [{"email_address": f"{tag}{prefix}{number}@example.com", "notify": False,
                 "public_metadata": {"number": number}} for number in range(count)]

    with c.part("three at once"):
        got = c.call(items=items(3, "a"))
        equal(sorted((row["email_address"], row["public_metadata"]["number"]) for row in rows(got)),
              [(f"{tag}a{number}@example.com", number) for number in range(3)], "rows")
        equal(len(c.admin.get("/invitations", query=tag)), 3, "stored")
    with c.part("more than ten"):
        c.refused((400, 422), None, items=items(11, "b"))


@covers("ListInvitations")
def list_invitations(c):
    tag = c.admin.tag()
    made = [c.admin.invitation(email_address=f"{tag}+{number}@example.com") for number in range(5)]
    revoke(c, made[4])
    with c.part("leaves revoked ones out"):
        got = c.call(query=tag)
        equal(sorted(ids(got)), sorted(one["id"] for one in made[:4]), "ids")
        row = next(row for row in rows(got) if row["id"] == made[0]["id"])
        c.same(row, object="invitation", email_address=f"{tag}+0@example.com", status="pending")
    with c.part("filter status"):
        got = c.call(query=tag, status="revoked")
        equal(ids(got), [made[4]["id"]], "ids")
        c.same(rows(got)[0], status="revoked", revoked=True)
    with c.part("query by id"):
        equal(ids(c.call(query=made[2]["id"])), [made[2]["id"]], "ids")
    with c.part("pages by limit and offset"):
        c.pages([one["id"] for one in made[:4]], 3, query=tag, order_by="email_address")
    with c.part("order with a sign"):
        equal(ids(c.call(query=tag, order_by="-email_address")), [one["id"] for one in made[3::-1]], "ids")
    if c.can("paginated"):
        with c.part("envelope when asked for"):
            got = c.call(query=tag, paginated=True, limit=2)
            equal((len(rows(got)), got["total_count"]), (2, 4), "rows and total_count")
    with c.part("wrong key"):
        c.wrong_key()


@covers("RevokeInvitation")
def revoke_invitation(c):
    made = c.admin.invitation()
    with c.part("revokes"):
        got = c.call(invitation_id=made["id"])
        c.same(got, id=made["id"], status="revoked", revoked=True, email_address=made["email_address"])
        equal(c.admin.get("/invitations", query=made["id"]), [], "still listed")
    with c.part("revoked already"):
        c.refused(400, "invitation_already_revoked", invitation_id=made["id"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", invitation_id=NO_INVITATION)
