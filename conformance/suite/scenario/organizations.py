"""Checks of organizations: create, read, change, delete, metadata, logo."""

from ..check import NO_ORG, NOBODY, Wrong, covers, equal, ids, rows


def stored(c, organization_id):
    """The organization as the server holds it."""
    return c.admin.get("/organizations/" + organization_id, include_members_count="true")


@covers("ListOrganizations")
def list_organizations(c):
    tag = c.admin.tag()
    owner = c.admin.user()
    made = [c.admin.organization(name=f"{tag} {number}", slug=f"{tag}-{number}",
                                 **({"created_by": owner["id"]} if number == 2 else {})) for number in range(5)]
    all_ids = [one["id"] for one in made]
    with c.part("rows are organizations"):
        got = c.call(organization_id=[all_ids[1]])
        equal(got["total_count"], 1, "total_count")
        c.same(rows(got)[0], object="organization", id=all_ids[1], name=f"{tag} 1", slug=f"{tag}-1")
        if rows(got)[0].get("members_count") is not None:
            raise Wrong("members_count without being asked for")
    with c.part("members_count when asked for"):
        got = c.call(organization_id=[all_ids[2], all_ids[3]], include_members_count=True)
        equal({row["id"]: row["members_count"] for row in rows(got)}, {all_ids[2]: 1, all_ids[3]: 0}, "counts")
    with c.part("pages by limit and offset"):
        c.pages(all_ids, 2, query=tag, order_by="name")
    with c.part("order with a sign"):
        equal(ids(c.call(query=tag, order_by="-name")), all_ids[::-1], "ids")
    with c.part("query is partial"):
        equal(ids(c.call(query=f"{tag}-4")), [all_ids[4]], "by slug")
        equal(ids(c.call(query=f"{tag} 3")), [all_ids[3]], "by name")
        equal(c.call(query="nothing" + tag), {"data": [], "total_count": 0}, "nothing")
    if c.can("user_id"):
        with c.part("filter user_id"):
            equal(ids(c.call(user_id=[owner["id"]])), [all_ids[2]], "ids")
    if c.can("include_missing_member_with_elevated_permissions"):
        with c.part("missing_member_with_elevated_permissions when asked for"):
            got = c.call(organization_id=all_ids[2:4], include_missing_member_with_elevated_permissions=True)
            equal({row["id"]: row["missing_member_with_elevated_permissions"] for row in rows(got)},
                  {all_ids[2]: False, all_ids[3]: True}, "flags")
    with c.part("wrong key"):
        c.wrong_key()


@covers("CreateOrganization")
def create_organization(c):
    tag = c.admin.tag()
    owner = c.admin.user()

    def create(**fields):
        organization = c.call(**fields)
        c.admin.made("/organizations/" + organization["id"])
        return organization

    with c.part("every kind of field"):
        got = create(name=f"Größe & Söhne {tag}", slug=tag, created_by=owner["id"], max_allowed_memberships=7,
                     public_metadata={"tier": 0}, private_metadata={"camelKey": {"x_y": ""}})
        c.same(got, object="organization", name=f"Größe & Söhne {tag}", slug=tag, created_by=owner["id"],
               max_allowed_memberships=7, has_image=False, public_metadata={"tier": 0},
               private_metadata={"camelKey": {"x_y": ""}})
        members = c.admin.get(f"/organizations/{got['id']}/memberships")
        equal([(row["public_user_data"]["user_id"], row["role"]) for row in members["data"]],
              [(owner["id"], "org:admin")], "members")
    with c.part("without a creator"):
        got = create(name="Empty " + tag)
        equal(stored(c, got["id"])["members_count"], 0, "members_count")
    with c.part("slug taken"):
        c.admin.organization(slug=tag + "-taken")
        c.refused(422, "form_identifier_exists", name="Other", slug=tag + "-taken")
    with c.part("unknown creator"):
        c.refused(400, "organization_creator_not_found", name="Other", created_by=NOBODY)
    with c.part("name too long"):
        c.refused(422, None, name="x" * 257)
    with c.part("wrong key"):
        c.wrong_key(name="Other")


@covers("GetOrganization")
def get_organization(c):
    tag = c.admin.tag()
    owner = c.admin.user()
    made = c.admin.organization(slug=tag, created_by=owner["id"], public_metadata={"a": [1]})
    with c.part("by id"):
        c.same(c.call(organization_id=made["id"]), **{name: made[name] for name in (
            "id", "object", "name", "slug", "created_at", "updated_at", "public_metadata", "private_metadata",
            "max_allowed_memberships", "admin_delete_enabled", "has_image", "created_by")})
    with c.part("by slug"):
        equal(c.call(organization_id=tag)["id"], made["id"], "id")
    with c.part("members_count when asked for"):
        equal(c.call(organization_id=made["id"], include_members_count=True)["members_count"], 1, "members_count")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG)


@covers("UpdateOrganization")
def update_organization(c):
    tag = c.admin.tag()
    made = c.admin.organization(slug=tag + "-old", public_metadata={"kept": 1})
    with c.part("changes"):
        got = c.call(organization_id=made["id"], name="New " + tag, slug=tag + "-new", max_allowed_memberships=9,
                     admin_delete_enabled=False)
        c.same(got, id=made["id"], name="New " + tag, slug=tag + "-new", max_allowed_memberships=9,
               admin_delete_enabled=False, public_metadata={"kept": 1})
        equal(stored(c, made["id"])["name"], "New " + tag, "stored name")
    with c.part("zero is kept"):
        c.same(c.call(organization_id=made["id"], max_allowed_memberships=0), max_allowed_memberships=0,
               name="New " + tag)
    with c.part("slug taken"):
        c.admin.organization(slug=tag + "-theirs")
        c.refused(422, "form_identifier_exists", organization_id=made["id"], slug=tag + "-theirs")
    if c.can("public_metadata"):
        with c.part("metadata, which the client sends to its own endpoint"):
            got = c.call(organization_id=made["id"], name="Third " + tag, public_metadata={"only": 1})
            c.same(got, name="Third " + tag, public_metadata={"only": 1})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, name="X")


@covers("DeleteOrganization")
def delete_organization(c):
    user = c.admin.user()
    made = c.admin.organization(created_by=user["id"])
    with c.part("deletes, memberships too"):
        c.same(c.call(organization_id=made["id"]), object="organization", id=made["id"], deleted=True)
        equal(c.admin.request("GET", "/organizations/" + made["id"])[0], 404, "status afterwards")
        left = c.admin.get(f"/users/{user['id']}/organization_memberships")
        equal(left["total_count"], 0, "memberships of the creator")
    with c.part("again"):
        c.refused(404, "resource_not_found", organization_id=made["id"])


@covers("MergeOrganizationMetadata")
def merge_organization_metadata(c):
    made = c.admin.organization(public_metadata={"a": {"x": 1, "y": 2}, "kept": True}, private_metadata={"p": 1})
    with c.part("merges deeply, null deletes"):
        got = c.call(organization_id=made["id"], public_metadata={"a": {"y": None, "zKey": [0]}},
                     private_metadata={"p": None})
        c.same(got, id=made["id"], public_metadata={"a": {"x": 1, "zKey": [0]}, "kept": True}, private_metadata={})
        equal(stored(c, made["id"])["public_metadata"], got["public_metadata"], "stored")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, public_metadata={"a": 1})


@covers("ReplaceOrganizationMetadata")
def replace_organization_metadata(c):
    made = c.admin.organization(public_metadata={"a": {"x": 1}, "b": 2}, private_metadata={"p": 1})
    with c.part("replaces what is named, keeps the rest"):
        got = c.call(organization_id=made["id"], public_metadata={"a": {"y": 0}})
        c.same(got, id=made["id"], public_metadata={"a": {"y": 0}}, private_metadata={"p": 1})
    with c.part("empty object empties"):
        c.same(c.call(organization_id=made["id"], private_metadata={}), private_metadata={},
               public_metadata={"a": {"y": 0}})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, public_metadata={"a": 1})


@covers("UploadOrganizationLogo")
def upload_organization_logo(c):
    user = c.admin.user()
    made = c.admin.organization(created_by=user["id"])
    with c.part("uploads"):
        c.same(c.call(organization_id=made["id"], file=c.png), id=made["id"], has_image=True)
        equal(stored(c, made["id"])["has_image"], True, "stored has_image")
    with c.part("uploads in a user's name"):
        c.same(c.call(organization_id=made["id"], file=c.png, uploader_user_id=user["id"]), has_image=True)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, file=c.png)


@covers("DeleteOrganizationLogo")
def delete_organization_logo(c):
    made = c.admin.organization()
    c.admin.upload("PUT", f"/organizations/{made['id']}/logo", c.png)
    with c.part("removes"):
        equal(stored(c, made["id"])["has_image"], True, "has_image before")
        c.same(c.call(organization_id=made["id"]), id=made["id"], has_image=False)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG)
