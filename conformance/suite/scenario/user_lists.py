"""Checks of the user lists: filters, order, pages, counts."""

from ..check import Wrong, covers, equal, ids, rows


def crowd(c):
    """Twelve users with known attributes; returns them in the order of their usernames."""
    tag = c.admin.tag()
    users = []
    for number in range(12):
        users.append(c.admin.user(
            email_address=[f"{tag}+{number:02}@example.com"],
            username=f"{tag}_{number:02}",
            external_id=f"{tag}-{number:02}",
            first_name=f"First{number:02}",
            last_name=f"Last{tag}",
            created_at=f"2020-01-{number + 1:02}T00:00:00Z",
        ))
    return tag, users


@covers("GetUserList")
def get_user_list(c):
    tag, users = crowd(c)
    all_ids = [user["id"] for user in users]

    def finds(wanted, **filters):
        equal(sorted(ids(c.call(limit=100, **filters))), sorted(wanted), f"ids for {sorted(filters)}")

    with c.part("rows are users"):
        found = rows(c.call(user_id=[all_ids[3]]))
        equal(len(found), 1, "rows")
        c.same(found[0], id=all_ids[3], username=f"{tag}_03", external_id=f"{tag}-03", first_name="First03",
               last_name=f"Last{tag}", banned=False, created_at=1578096000000)
        equal([row["email_address"] for row in found[0]["email_addresses"]], [f"{tag}+03@example.com"], "addresses")
    with c.part("default page is ten"):
        equal(len(rows(c.call(query=tag))), 10, "rows")
    with c.part("pages by limit and offset"):
        c.pages(all_ids, 5, query=tag, order_by="username")
    with c.part("default order is newest first"):
        equal(ids(c.call(query=tag, limit=12)), all_ids[::-1], "ids")
    with c.part("order with a sign"):
        equal(ids(c.call(query=tag, limit=3, order_by="-username")), all_ids[:-4:-1], "descending")
        equal(ids(c.call(query=tag, limit=3, order_by="+created_at")), all_ids[:3], "ascending")
    with c.part("filter user_id"):
        finds(all_ids[2:5], user_id=all_ids[2:5])
        finds(all_ids[2:3], user_id=[all_ids[2], "user_nobody"])
    with c.part("filter email_address, plus sign kept"):
        finds(all_ids[4:6], email_address=[f"{tag}+04@example.com", f"{tag}+05@example.com"])
    with c.part("filter external_id"):
        finds(all_ids[1:2], external_id=[f"{tag}-01"])
    with c.part("filter username"):
        finds(all_ids[7:9], username=[f"{tag}_07", f"{tag}_08"])
    with c.part("filter phone_number"):
        phoned = c.admin.user(phone_number=["+15555550100"])
        finds([phoned["id"]], phone_number=["+15555550100"])
    with c.part("filter web3_wallet"):
        wallet = "0x" + "1a" * 20
        owner = c.admin.user(web3_wallet=[wallet])
        finds([owner["id"]], web3_wallet=[wallet])
    with c.part("filter organization_id"):
        organization = c.admin.organization()
        for user in users[:2]:
            c.admin.member(organization, user)
        finds(all_ids[:2], organization_id=[organization["id"]])
    with c.part("partial query"):
        finds(all_ids, query=tag)
        finds([all_ids[11]], query=f"{tag}_11")
    with c.part("nothing found"):
        equal(rows(c.call(query="nothing" + tag)), [], "rows")
    for param, value, wanted in (
        ("email_address_query", f"{tag}+1".upper(), all_ids[10:]),
        ("username_query", f"{tag}_0", all_ids[:10]),
        ("name_query", f"last{tag}", all_ids),
        ("phone_number_query", "5550100", None),
    ):
        if c.can(param):
            with c.part("filter " + param):
                finds(wanted or [phoned["id"]], **{param: value})
    if c.can("created_at_before"):
        with c.part("filter created_at_before and created_at_after"):
            finds(all_ids[:2], query=tag, created_at_before=1578009600000)
            finds(all_ids[10:], query=tag, created_at_after=1578614400000)
    if c.can("banned"):
        with c.part("filter banned"):
            c.admin.must("POST", f"/users/{all_ids[0]}/ban")
            finds(all_ids[:1], query=tag, banned=True)
            finds(all_ids[1:], query=tag, banned=False)
    if c.can("starting_after"):
        with c.part("walk by cursor"):
            walked, cursor = [], {}
            for _ in range(4):
                page = ids(c.call(query=tag, limit=5, order_by="created_at", **cursor))
                walked += page
                if len(page) < 5:
                    break
                cursor = {"starting_after": page[-1]}
            equal(walked, all_ids, "ids")
        with c.part("cursor wants an order by created_at"):
            c.refused(422, None, starting_after=all_ids[0], order_by="username")
    with c.part("wrong key"):
        c.wrong_key()


@covers("GetUsersCount")
def get_users_count(c):
    def total(**filters):
        value = c.call(**filters)
        if not isinstance(value, dict):
            raise Wrong(f"not a counter: {value!r}")
        return value["total_count"]

    with c.part("all users"):
        before = total()
        tag, users = crowd(c)
        equal(total(), before + 12, "total")
    with c.part("filtered"):
        equal(total(query=tag), 12, "query")
        equal(total(user_id=[user["id"] for user in users[:3]]), 3, "user_id")
        equal(total(email_address=[f"{tag}+04@example.com"]), 1, "email_address")
        equal(total(query="nothing" + tag), 0, "nothing")
    if c.can("banned"):
        with c.part("filter banned"):
            c.admin.must("POST", f"/users/{users[0]['id']}/ban")
            equal(total(query=tag, banned=True), 1, "banned")
    with c.part("wrong key"):
        c.wrong_key()
