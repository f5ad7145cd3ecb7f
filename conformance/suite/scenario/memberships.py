"""Checks of organization memberships."""

from ..check import NO_ORG, NOBODY, covers, equal, ids, rows


def team(c, size=4):
    """An organization with an admin and further members; returns it, its users and their tag."""
    tag = c.admin.tag()
    users = [c.admin.user(email_address=[f"{tag}+{number}@example.com"], username=f"{tag}_{number}",
                          first_name=f"First{number}", last_name=f"Last{tag}") for number in range(size)]
    organization = c.admin.organization(created_by=users[0]["id"])
    for user in users[1:]:
        c.admin.member(organization, user)
    return organization, users, tag


def user_ids(value):
    return [row["public_user_data"]["user_id"] for row in rows(value)]


def of(c, organization):
    """The memberships as the server holds them, by user."""
    listed = c.admin.get(f"/organizations/{organization['id']}/memberships", limit=100)
    return {row["public_user_data"]["user_id"]: row for row in listed["data"]}


@covers("ListOrganizationMemberships")
def list_organization_memberships(c):
    organization, users, tag = team(c, 5)
    all_ids = [user["id"] for user in users]
    target = {"organization_id": organization["id"]}

    def finds(wanted, **filters):
        equal(sorted(user_ids(c.call(**target, **filters))), sorted(wanted), f"users for {sorted(filters)}")

    with c.part("rows are memberships"):
        got = c.call(**target, user_id=[all_ids[0]])
        equal(got["total_count"], 1, "total_count")
        row = rows(got)[0]
        c.same(row, object="organization_membership", role="org:admin", public_metadata={})
        c.same(row["organization"], id=organization["id"], name=organization["name"])
        c.same(row["public_user_data"], user_id=all_ids[0], first_name="First0", last_name=f"Last{tag}",
               identifier=f"{tag}+0@example.com", has_image=False)
    with c.part("pages by limit and offset"):
        held = of(c, organization)
        c.pages([held[user]["id"] for user in all_ids], 2, **target, order_by="username")
    with c.part("order with a sign"):
        equal(user_ids(c.call(**target, order_by="-first_name")), all_ids[::-1], "users")
    with c.part("filter role"):
        finds(all_ids[:1], role=["org:admin"])
        finds(all_ids, role=["org:admin", "org:member"])
    with c.part("filter user_id"):
        finds(all_ids[1:3], user_id=all_ids[1:3])
    with c.part("filter email_address, plus sign kept"):
        finds(all_ids[2:3], email_address=[f"{tag}+2@example.com"])
    with c.part("filter username"):
        finds(all_ids[3:4], username=[f"{tag}_3"])
    with c.part("partial queries"):
        finds(all_ids, query=tag)
        finds(all_ids[4:], email_address_query=f"{tag}+4")
        finds(all_ids[3:4], username_query=f"{tag}_3")
        finds(all_ids[1:2], name_query="first1")
    with c.part("unknown organization"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG)
    with c.part("wrong key"):
        c.wrong_key(**target)


@covers("CreateOrganizationMembership")
def create_organization_membership(c):
    organization, users, _ = team(c, 1)
    target = {"organization_id": organization["id"]}
    user = c.admin.user(first_name="Ada")
    with c.part("adds"):
        got = c.call(**target, user_id=user["id"], role="org:member")
        c.same(got, object="organization_membership", role="org:member", public_metadata={})
        equal(got["organization"]["id"], organization["id"], "organization")
        c.same(got["public_user_data"], user_id=user["id"], first_name="Ada")
        equal(of(c, organization)[user["id"]]["id"], got["id"], "stored id")
    if c.can("public_metadata"):
        with c.part("adds with metadata"):
            got = c.call(**target, user_id=c.admin.user()["id"], role="org:admin", public_metadata={"desk": 0},
                         private_metadata={"badge": "7"})
            c.same(got, role="org:admin", public_metadata={"desk": 0}, private_metadata={"badge": "7"})
    with c.part("already a member"):
        c.refused(400, "already_a_member_in_organization", **target, user_id=users[0]["id"], role="org:member")
    with c.part("unknown user"):
        c.refused(404, "resource_not_found", **target, user_id=NOBODY, role="org:member")
    with c.part("unknown organization"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, user_id=user["id"], role="org:member")
    with c.part("short form of a role"):
        c.refused((404, 422), None, **target, user_id=c.admin.user()["id"], role="admin")
    with c.part("organization full"):
        full = c.admin.organization(created_by=users[0]["id"], max_allowed_memberships=1)
        c.refused(403, "organization_membership_quota_exceeded", organization_id=full["id"], user_id=user["id"],
                  role="org:member")


@covers("UpdateOrganizationMembership")
def update_organization_membership(c):
    organization, users, _ = team(c, 2)
    target = {"organization_id": organization["id"]}
    with c.part("last admin stays"):
        c.refused(400, ("organization_minimum_permissions_needed", "at_least_one_admin_needed"), **target,
                  user_id=users[0]["id"], role="org:member")
    with c.part("changes the role"):
        got = c.call(**target, user_id=users[1]["id"], role="org:admin")
        c.same(got, role="org:admin")
        c.same(got["public_user_data"], user_id=users[1]["id"])
        equal(of(c, organization)[users[1]["id"]]["role"], "org:admin", "stored role")
    with c.part("one of two admins may go"):
        c.same(c.call(**target, user_id=users[0]["id"], role="org:member"), role="org:member")
    with c.part("not a member"):
        c.refused(404, "resource_not_found", **target, user_id=c.admin.user()["id"], role="org:admin")


@covers("DeleteOrganizationMembership")
def delete_organization_membership(c):
    organization, users, _ = team(c, 2)
    target = {"organization_id": organization["id"]}
    with c.part("last admin stays"):
        c.refused(400, ("organization_minimum_permissions_needed", "at_least_one_admin_needed"), **target,
                  user_id=users[0]["id"])
    with c.part("answers the removed membership"):
        held = of(c, organization)[users[1]["id"]]
        got = c.call(**target, user_id=users[1]["id"])
        c.same(got, object="organization_membership", id=held["id"], role="org:member")
        c.same(got["public_user_data"], user_id=users[1]["id"])
        equal(list(of(c, organization)), [users[0]["id"]], "users left")
    with c.part("not a member any more"):
        c.refused(404, "resource_not_found", **target, user_id=users[1]["id"])


@covers("UpdateOrganizationMembershipMetadata")
def update_organization_membership_metadata(c):
    organization, _, _ = team(c, 1)
    member = c.admin.user()
    c.admin.member(organization, member, public_metadata={"a": {"x": 1, "y": 2}}, private_metadata={"p": 1})
    target = {"organization_id": organization["id"], "user_id": member["id"]}
    with c.part("merges deeply, null deletes"):
        got = c.call(**target, public_metadata={"a": {"y": None, "zKey": False}}, private_metadata={"q": 0})
        c.same(got, public_metadata={"a": {"x": 1, "zKey": False}}, private_metadata={"p": 1, "q": 0})
        equal(of(c, organization)[member["id"]]["public_metadata"], {"a": {"x": 1, "zKey": False}}, "stored")
    with c.part("not a member"):
        c.refused(404, "resource_not_found", organization_id=organization["id"], user_id=c.admin.user()["id"],
                  public_metadata={"a": 1})


@covers("InstanceGetOrganizationMemberships")
def instance_get_organization_memberships(c):
    teams = [team(c, 2) for _ in range(2)]
    made = {row["id"] for organization, *_ in teams for row in of(c, organization).values()}
    with c.part("memberships of every organization"):
        listed = c.admin.get("/organization_memberships", limit=500)
        got = c.call(limit=100)
        equal(got["total_count"], listed["total_count"], "total_count")
        equal(made <= set(ids(got)), True, "all new memberships are there")
        equal({row["organization"]["id"] for row in rows(got)} >= {one["id"] for one, *_ in teams}, True,
              "both organizations are there")
    with c.part("pages by limit and offset"):
        ordered = c.admin.get("/organization_memberships", limit=500, order_by="username")
        c.pages(ids(ordered), 3, order_by="username")
    with c.part("wrong key"):
        c.wrong_key()
