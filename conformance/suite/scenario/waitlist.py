"""Checks of the waitlist."""

from ..check import Wrong, covers, equal, ids, nothing, rows

NO_ENTRY = nothing("wle")


def waiting(c, tag, number=0):
    made = c.admin.must("POST", "/waitlist_entries", {"email_address": f"{tag}+{number}@example.com",
                                                       "notify": False})
    c.admin.made("/waitlist_entries/" + made["id"])
    return made


def stored(c, entry):
    """The entry as the server holds it; None when it is gone."""
    return next(iter(c.admin.get("/waitlist_entries", query=entry["id"])["data"]), None)


def invite(c, entry):
    return c.admin.must("POST", f"/waitlist_entries/{entry['id']}/invite", {})


@covers("ListWaitlistEntries")
def list_waitlist_entries(c):
    tag = c.admin.tag()
    made = [waiting(c, tag, number) for number in range(5)]
    all_ids = [one["id"] for one in made]
    c.admin.must("POST", f"/waitlist_entries/{all_ids[4]}/reject")
    with c.part("newest first"):
        got = c.call(query=tag)
        equal(ids(got), all_ids[::-1], "ids")
        c.same(rows(got)[1], object="waitlist_entry", email_address=f"{tag}+3@example.com", status="pending")
    with c.part("filter status"):
        equal(ids(c.call(query=tag, status="rejected")), [all_ids[4]], "rejected")
        equal(ids(c.call(query=tag, status="completed")), [], "completed")
    with c.part("query by id"):
        equal(ids(c.call(query=all_ids[2])), [all_ids[2]], "ids")
    with c.part("query, plus sign kept"):
        equal(ids(c.call(query=f"{tag}+1")), [all_ids[1]], "ids")
    with c.part("pages by limit and offset"):
        c.pages(all_ids, 2, query=tag, order_by="email_address")
    with c.part("order with a sign"):
        equal(ids(c.call(query=tag, order_by="-email_address")), all_ids[::-1], "ids")
        equal(ids(c.call(query=tag, order_by="+created_at")), all_ids, "ids")
    with c.part("wrong key"):
        c.wrong_key()


@covers("CreateWaitlistEntry")
def create_waitlist_entry(c):
    tag = c.admin.tag()
    with c.part("waits"):
        got = c.call(email_address=f"{tag}+1@example.com", notify=False)
        c.admin.made("/waitlist_entries/" + got["id"])
        c.same(got, object="waitlist_entry", email_address=f"{tag}+1@example.com", status="pending", is_locked=False)
        equal(got.get("invitation"), None, "invitation")
        if not got["id"].startswith("wle_"):
            raise Wrong(f"id {got['id']!r}")
        c.same(stored(c, got), email_address=f"{tag}+1@example.com", status="pending")
    with c.part("waits already"):
        made = waiting(c, tag, 2)
        equal(c.call(email_address=made["email_address"])["id"], made["id"], "id")
    with c.part("not an e-mail address"):
        c.refused(422, "form_param_format_invalid", email_address="nowhere")
    with c.part("wrong key"):
        c.wrong_key(email_address=f"{tag}+3@example.com")


@covers("CreateBulkWaitlistEntries")
def create_bulk_waitlist_entries(c):
    tag = c.admin.tag()

    def items(count):
        return [{"email_address": f"{tag}+{number}@example.com", "notify": False} for number in range(count)]

    with c.part("three at once, one of them waits already"):
        known = waiting(c, tag, 1)
        got = c.call(items=items(3))
        for row in rows(got):
            c.admin.made("/waitlist_entries/" + row["id"])
        equal([row["email_address"] for row in rows(got)], [one["email_address"] for one in items(3)], "addresses")
        equal(rows(got)[1]["id"], known["id"], "id of the known one")
        equal(c.admin.get("/waitlist_entries", query=tag)["total_count"], 3, "stored")
    with c.part("the same twice"):
        c.refused((400, 422), None, items=[{"email_address": f"{tag}-x@example.com"}] * 2)
    with c.part("more than fifty"):
        c.refused((400, 422), None, items=items(51))


@covers("DeleteWaitlistEntry")
def delete_waitlist_entry(c):
    tag = c.admin.tag()
    made = waiting(c, tag)
    with c.part("deletes"):
        c.same(c.call(waitlist_entry_id=made["id"]), object="waitlist_entry", id=made["id"], deleted=True)
        equal(stored(c, made), None, "stored")
    with c.part("invited ones stay"):
        invited = invite(c, waiting(c, tag, 1))
        c.refused((400, 409), None, waitlist_entry_id=invited["id"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", waitlist_entry_id=NO_ENTRY)


@covers("InviteWaitlistEntry")
def invite_waitlist_entry(c):
    tag = c.admin.tag()
    made = waiting(c, tag)
    with c.part("invites"):
        got = c.call(waitlist_entry_id=made["id"])
        c.same(got, id=made["id"], status="invited")
        c.same(got["invitation"], object="invitation", email_address=made["email_address"], status="pending")
        equal(ids(c.admin.get("/invitations", query=tag)), [got["invitation"]["id"]], "invitations")
        equal(stored(c, made)["status"], "invited", "stored status")
    with c.part("invited already"):
        c.refused(409, "waitlist_entry_already_invited", waitlist_entry_id=made["id"])
    with c.part("address invited elsewhere"):
        other = waiting(c, tag, 1)
        c.admin.invitation(email_address=other["email_address"])
        c.refused((400, 409, 422), None, waitlist_entry_id=other["id"])
    with c.part("address invited elsewhere, ignored"):
        other = waiting(c, tag, 2)
        c.admin.invitation(email_address=other["email_address"])
        c.same(c.call(waitlist_entry_id=other["id"], ignore_existing=True), status="invited")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", waitlist_entry_id=NO_ENTRY)


@covers("RejectWaitlistEntry")
def reject_waitlist_entry(c):
    made = waiting(c, c.admin.tag())
    with c.part("rejects"):
        c.same(c.call(waitlist_entry_id=made["id"]), object="waitlist_entry", id=made["id"], status="rejected")
        equal(stored(c, made)["status"], "rejected", "stored status")
    with c.part("rejected already"):
        c.refused(409, "waitlist_entry_already_rejected", waitlist_entry_id=made["id"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", waitlist_entry_id=NO_ENTRY)
