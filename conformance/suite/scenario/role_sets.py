"""Checks of role sets: which roles an organization can give to its members."""

from ..check import Wrong, covers, equal, ids, nothing, rows
from .memberships import of

NO_SET = nothing("rset")


def keys(role_set):
    return {role["key"] for role in role_set["roles"]}


def stored(c, role_set):
    return c.admin.get("/role_sets/" + role_set["id"])


def populated(c, role, role_set):
    """An organization of this role set, with one member that has the role."""
    organization, user = c.admin.organization(role_set_key=role_set["key"]), c.admin.user()
    c.admin.member(organization, user, role=role["key"])
    return organization, user


@covers("ListRoleSets")
def list_role_sets(c):
    tag = c.admin.tag()
    with c.part("the set of a new instance"):
        (first,) = [row for row in rows(c.call(limit=100)) if row["type"] == "initial"]
        c.same(first, object="role_set")
        equal(keys(first), {"org:admin", "org:member"}, "roles")
        c.same(first["creator_role"], object="role_set_item", key="org:admin", name="Admin")
        c.same(first["default_role"], key="org:member")
    made = [c.admin.role_set([], name=f"Set {tag} {number}", key=f"role_set:{tag}_{number}") for number in range(3)]
    with c.part("query by part of the key"):
        equal(ids(c.call(query=f"{tag}_1")), [made[1]["id"]], "ids")
    with c.part("query by id"):
        equal(ids(c.call(query=made[2]["id"])), [made[2]["id"]], "ids")
    with c.part("pages by limit and offset"):
        c.pages([one["id"] for one in made], 2, query=tag, order_by="key")
    with c.part("order with a sign"):
        equal(ids(c.call(query=tag, order_by="-name")), [one["id"] for one in made[::-1]], "ids")
    with c.part("wrong key"):
        c.wrong_key()


@covers("CreateRoleSet")
def create_role_set(c):
    tag = c.admin.tag()
    role = c.admin.role()

    def create(**fields):
        made = c.call(**{"default_role_key": "org:member", "creator_role_key": "org:admin",
                         "roles": ["org:admin", "org:member"], **fields})
        c.admin.left_role_set(made["key"])
        return made

    with c.part("every kind of field"):
        got = create(name=f"Set {tag}", key=f"role_set:{tag}", description="For guests", type="custom",
                     roles=["org:admin", "org:member", role["key"]], default_role_key=role["key"])
        c.same(got, object="role_set", name=f"Set {tag}", key=f"role_set:{tag}", description="For guests",
               type="custom")
        equal(keys(got), {"org:admin", "org:member", role["key"]}, "roles")
        c.same(got["default_role"], id=role["id"], key=role["key"], name=role["name"])
        equal(got["creator_role"]["key"], "org:admin", "creator role")
        equal(keys(stored(c, got)), keys(got), "stored roles")
    with c.part("key from the name"):
        got = create(name=f"Plain {tag}")
        c.same(got, description=None, type="custom")
        if not got["key"].startswith("role_set:"):
            raise Wrong(f"key {got['key']!r}")
    with c.part("key taken"):
        c.refused((400, 422), None, name="Twice " + tag, key=c.admin.role_set([])["key"],
                  default_role_key="org:member", creator_role_key="org:admin", roles=["org:admin", "org:member"])
    with c.part("default role is not in the set"):
        c.refused((400, 422), None, name="Odd " + tag, default_role_key=role["key"], creator_role_key="org:admin",
                  roles=["org:admin", "org:member"])
    with c.part("creators could not manage"):
        c.refused((400, 403, 422), None, name="Odd " + tag, default_role_key="org:member",
                  creator_role_key="org:member", roles=["org:admin", "org:member"])
    with c.part("unknown role"):
        c.refused((404, 422), None, name="Odd " + tag, default_role_key="org:member", creator_role_key="org:admin",
                  roles=["org:admin", "org:member", f"org:{tag}_no"])
    with c.part("wrong key"):
        c.wrong_key(name="Set " + tag, default_role_key="org:member", creator_role_key="org:admin",
                    roles=["org:admin", "org:member"])


@covers("GetRoleSet")
def get_role_set(c):
    role = c.admin.role()
    made = c.admin.role_set([role["key"]], description="One")
    fields = ("id", "object", "name", "key", "description", "type", "created_at", "updated_at")
    with c.part("by id"):
        got = c.call(role_set_key_or_id=made["id"])
        c.same(got, **{name: made[name] for name in fields})
        item = next(one for one in got["roles"] if one["key"] == role["key"])
        c.same(item, object="role_set_item", id=role["id"], name=role["name"])
    with c.part("by key"):
        c.same(c.call(role_set_key_or_id=made["key"]), **{name: made[name] for name in fields})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", role_set_key_or_id=NO_SET)


@covers("UpdateRoleSet")
def update_role_set(c):
    role = c.admin.role()
    made = c.admin.role_set([role["key"]])
    target = {"role_set_key_or_id": made["id"]}
    with c.part("name and description"):
        got = c.call(**target, name="New " + made["name"], description="New")
        c.same(got, id=made["id"], name="New " + made["name"], description="New", key=made["key"])
        c.same(stored(c, made), description="New")
    with c.part("default role"):
        equal(c.call(**target, default_role_key=role["key"])["default_role"]["key"], role["key"], "default role")
        equal(stored(c, made)["default_role"]["key"], role["key"], "stored default role")
    with c.part("role is not in the set"):
        c.refused((400, 404, 422), None, **target, default_role_key=c.admin.role()["key"])
    with c.part("becomes the first one"):
        first = c.admin.first_role_set()["key"]
        c.admin.after("PATCH", "/role_sets/" + first, {"type": "initial"})
        c.same(c.call(**target, type="initial"), type="initial")
        c.same(c.admin.get("/role_sets/" + first), type="custom")
        equal(c.admin.organization()["role_set_key"], made["key"], "role set of a new organization")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", role_set_key_or_id=NO_SET, name="X")


@covers("AddRolesToRoleSet")
def add_roles_to_role_set(c):
    roles = [c.admin.role() for _ in range(3)]
    made = c.admin.role_set([])
    target = {"role_set_key_or_id": made["key"]}
    with c.part("adds two"):
        added = [role["key"] for role in roles[:2]]
        got = c.call(**target, role_keys=added)
        c.same(got, object="role_set", id=made["id"])
        equal(keys(got), {"org:admin", "org:member", *added}, "roles")
        equal(keys(stored(c, made)), keys(got), "stored roles")
    with c.part("adds a default role"):
        got = c.call(**target, role_keys=[roles[2]["key"]], default_role_key=roles[2]["key"])
        equal(got["default_role"]["key"], roles[2]["key"], "default role")
    with c.part("unknown role"):
        c.refused((404, 422), None, **target, role_keys=[roles[0]["key"] + "_no"])
    with c.part("unknown set"):
        c.refused(404, "resource_not_found", role_set_key_or_id=NO_SET, role_keys=[roles[0]["key"]])


@covers("ReplaceRoleInRoleSet")
def replace_role_in_role_set(c):
    old, new = c.admin.role(), c.admin.role()
    made = c.admin.role_set([old["key"], new["key"]])
    target = {"role_set_key_or_id": made["key"]}
    organization, user = populated(c, old, made)
    with c.part("members get the other role"):
        got = c.call(**target, role_key=old["key"], to_role_key=new["key"])
        equal(keys(got), {"org:admin", "org:member", new["key"]}, "roles")
        equal(of(c, organization)[user["id"]]["role"], new["key"], "role of the member")
    with c.part("not in the set any more"):
        c.refused((400, 404, 422), None, **target, role_key=old["key"], to_role_key=new["key"])
    with c.part("unknown set"):
        c.refused(404, "resource_not_found", role_set_key_or_id=NO_SET, role_key=old["key"], to_role_key=new["key"])


@covers("ReplaceRoleSet")
def replace_role_set(c):
    old, new = c.admin.role(), c.admin.role()
    source, target = c.admin.role_set([old["key"]]), c.admin.role_set([new["key"]])
    organization, user = populated(c, old, source)
    with c.part("members need a role of the other set"):
        c.refused((400, 422), None, role_set_key_or_id=source["key"], dest_role_set_key=target["key"])
    with c.part("organizations and members move"):
        got = c.call(role_set_key_or_id=source["key"], dest_role_set_key=target["key"],
                     reassignment_mappings={old["key"]: new["key"]})
        c.same(got, object="role_set", id=source["id"], deleted=True)
        equal(of(c, organization)[user["id"]]["role"], new["key"], "role of the member")
        equal(c.admin.request("GET", "/role_sets/" + source["key"])[0], 404, "status afterwards")
        equal(c.admin.get("/organizations/" + organization["id"])["role_set_key"], target["key"], "role set")
    with c.part("unknown destination"):
        c.refused((400, 404, 422), None, role_set_key_or_id=target["key"], dest_role_set_key=target["key"] + "_no")
    with c.part("unknown set"):
        c.refused(404, "resource_not_found", role_set_key_or_id=NO_SET, dest_role_set_key=target["key"])
