"""Checks of the roles and permissions that members of organizations can have."""

from ..check import Wrong, covers, equal, ids, nothing, rows
from .memberships import of

NO_ROLE = nothing("role")
NO_PERMISSION = nothing("perm")

# What the two roles of a new instance may.
SYSTEM = {
    "org:sys_profile:manage", "org:sys_profile:delete", "org:sys_memberships:read", "org:sys_memberships:manage",
    "org:sys_domains:read", "org:sys_domains:manage", "org:sys_billing:read", "org:sys_billing:manage",
    "org:sys_entconns:manage",
}
MEMBER = {"org:sys_memberships:read", "org:sys_billing:read"}


def by_key(value):
    return {row["key"]: row for row in rows(value)}


def may(role):
    """The keys of a role's permissions."""
    return {permission["key"] for permission in role["permissions"]}


def system(c):
    """The ids of the system permissions, by key."""
    return {key: row["id"] for key, row in by_key(c.admin.get("/organization_permissions", limit=100)).items()}


def stored(c, role):
    return c.admin.get("/organization_roles/" + role["id"])


def _listing(c, made, name):
    """What both lists have in common: query, order, pages."""
    with c.part("query by part of the key"):
        equal(ids(c.call(query=made[1]["key"][2:])), [made[1]["id"]], "ids")
    with c.part("query by id"):
        equal(ids(c.call(query=made[2]["id"])), [made[2]["id"]], "ids")
    with c.part("pages by limit and offset"):
        c.pages([one["id"] for one in made], 2, query=name, order_by="key")
    with c.part("order with a sign"):
        equal(ids(c.call(query=name, order_by="-name")), [one["id"] for one in made[::-1]], "ids")
    with c.part("newest first"):
        equal(ids(c.call(query=name)), [one["id"] for one in made[::-1]], "ids")
    with c.part("wrong key"):
        c.wrong_key()


@covers("ListOrganizationRoles")
def list_organization_roles(c):
    tag = c.admin.tag()
    with c.part("the roles of a new instance"):
        found = by_key(c.call(limit=100))
        c.same(found["org:admin"], object="role", name="Admin", is_creator_eligible=True)
        c.same(found["org:member"], object="role", name="Member", is_creator_eligible=False)
        equal(may(found["org:admin"]), SYSTEM, "permissions of org:admin")
        equal(may(found["org:member"]), MEMBER, "permissions of org:member")
    made = [c.admin.role(name=f"Role {tag} {number}", key=f"org:{tag}_{number}") for number in range(3)]
    _listing(c, made, tag)


@covers("CreateOrganizationRole")
def create_organization_role(c):
    tag = c.admin.tag()
    known = system(c)

    def create(**fields):
        role = c.call(**fields)
        c.admin.made("/organization_roles/" + role["id"])
        return role

    with c.part("every kind of field"):
        keys = {"org:sys_memberships:read", "org:sys_domains:read"}
        got = create(name=f"Rôle {tag}", key=f"org:{tag}_1", description="Looks & listens",
                     permissions=[known[key] for key in sorted(keys)])
        c.same(got, object="role", name=f"Rôle {tag}", key=f"org:{tag}_1", description="Looks & listens",
               is_creator_eligible=False)
        equal(may(got), keys, "permissions")
        if not got["id"].startswith("role_"):
            raise Wrong(f"id {got['id']!r}")
        equal(may(stored(c, got)), keys, "stored permissions")
    with c.part("smallest"):
        c.same(create(name="Small " + tag, key=f"org:{tag}_2"), description=None, permissions=[])
    with c.part("for creators, when it may enough"):
        wanted = ("org:sys_memberships:read", "org:sys_memberships:manage", "org:sys_profile:delete")
        got = create(name="Lead " + tag, key=f"org:{tag}_3", permissions=[known[key] for key in wanted])
        c.same(got, is_creator_eligible=True)
    with c.part("in the first role set"):
        got = create(name="Guest " + tag, key=f"org:{tag}_4", include_in_initial_role_set=True)
        organization, user = c.admin.organization(), c.admin.user()
        equal(c.admin.member(organization, user, role=got["key"])["role"], got["key"], "role of a member")
    with c.part("key taken"):
        c.refused((400, 422), None, name="Twice " + tag, key="org:admin")
    with c.part("key without its prefix"):
        c.refused(422, None, name="Bare " + tag, key=tag)
    with c.part("unknown permission"):
        c.refused((404, 422), None, name="Odd " + tag, key=f"org:{tag}_5", permissions=[NO_PERMISSION])
    with c.part("wrong key"):
        c.wrong_key(name="Role " + tag, key=f"org:{tag}_6")


@covers("GetOrganizationRole")
def get_organization_role(c):
    known = system(c)
    made = c.admin.role(description="One", permissions=[known["org:sys_billing:read"]])
    with c.part("by id"):
        got = c.call(organization_role_id=made["id"])
        c.same(got, **{name: made[name] for name in (
            "id", "object", "name", "key", "description", "is_creator_eligible", "created_at", "updated_at")})
        c.same(got["permissions"][0], object="permission", id=known["org:sys_billing:read"], type="system",
               key="org:sys_billing:read")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_role_id=NO_ROLE)


@covers("UpdateOrganizationRole")
def update_organization_role(c):
    known = system(c)
    read, manage = known["org:sys_domains:read"], known["org:sys_domains:manage"]
    role = c.admin.role(description="Old", permissions=[read], include_in_initial_role_set=True)
    target = {"organization_role_id": role["id"]}
    with c.part("name and description"):
        got = c.call(**target, name="New " + role["key"], description="New")
        c.same(got, id=role["id"], name="New " + role["key"], description="New", key=role["key"])
        equal(may(got), {"org:sys_domains:read"}, "permissions")
        c.same(stored(c, role), name="New " + role["key"], description="New")
    with c.part("replaces the permissions"):
        equal(may(c.call(**target, permissions=[manage])), {"org:sys_domains:manage"}, "permissions")
        equal(may(stored(c, role)), {"org:sys_domains:manage"}, "stored permissions")
    with c.part("members follow a new key"):
        organization, user = c.admin.organization(), c.admin.user()
        c.admin.member(organization, user, role=role["key"])
        c.same(c.call(**target, key=role["key"] + "_new"), key=role["key"] + "_new")
        equal(of(c, organization)[user["id"]]["role"], role["key"] + "_new", "role of a member")
    with c.part("key taken"):
        c.refused((400, 422), None, **target, key="org:member")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_role_id=NO_ROLE, name="X")


@covers("DeleteOrganizationRole")
def delete_organization_role(c):
    role = c.admin.role()
    with c.part("deletes"):
        c.same(c.call(organization_role_id=role["id"]), object="role", id=role["id"], deleted=True)
        equal(c.admin.request("GET", "/organization_roles/" + role["id"])[0], 404, "status afterwards")
    with c.part("a member has it"):
        held = c.admin.role(include_in_initial_role_set=True)
        c.admin.member(c.admin.organization(), c.admin.user(), role=held["key"])
        c.refused(422, "organization_role_assigned_members", organization_role_id=held["id"])
    with c.part("an invitation offers it"):
        offered = c.admin.role(include_in_initial_role_set=True)
        c.admin.organization_invitation(c.admin.organization(), role=offered["key"])
        c.refused(422, "organization_role_exists_in_invitations", organization_role_id=offered["id"])
    with c.part("creators get it"):
        creator = by_key(c.admin.get("/organization_roles", query="org:admin"))["org:admin"]
        c.refused(422, "organization_role_default_creator_role", organization_role_id=creator["id"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_role_id=role["id"])


@covers("AssignPermissionToOrganizationRole")
def assign_permission_to_organization_role(c):
    role, permission = c.admin.role(), c.admin.permission()
    target = {"organization_role_id": role["id"], "permission_id": permission["id"]}
    with c.part("adds"):
        got = c.call(**target)
        c.same(got, object="role", id=role["id"])
        equal(may(got), {permission["key"]}, "permissions")
        equal(may(stored(c, role)), {permission["key"]}, "stored permissions")
    with c.part("again"):
        c.refused(409, "organization_role_permission_association_exists", **target)
    with c.part("unknown role"):
        c.refused(404, "resource_not_found", organization_role_id=NO_ROLE, permission_id=permission["id"])
    with c.part("unknown permission"):
        c.refused(404, "resource_not_found", organization_role_id=role["id"], permission_id=NO_PERMISSION)


@covers("RemovePermissionFromOrganizationRole")
def remove_permission_from_organization_role(c):
    permissions = [c.admin.permission() for _ in range(2)]
    role = c.admin.role(permissions=[one["id"] for one in permissions])
    target = {"organization_role_id": role["id"], "permission_id": permissions[0]["id"]}
    with c.part("removes"):
        got = c.call(**target)
        c.same(got, object="role", id=role["id"])
        equal(may(got), {permissions[1]["key"]}, "permissions")
        equal(may(stored(c, role)), {permissions[1]["key"]}, "stored permissions")
    with c.part("not there any more"):
        c.refused(404, "organization_role_permission_association_not_found", **target)
    with c.part("unknown role"):
        c.refused(404, "resource_not_found", organization_role_id=NO_ROLE, permission_id=permissions[1]["id"])


@covers("ListOrganizationPermissions")
def list_organization_permissions(c):
    tag = c.admin.tag()
    with c.part("the permissions of a new instance"):
        found = by_key(c.call(limit=100))
        equal(set(found), SYSTEM, "keys")
        c.same(found["org:sys_domains:read"], object="permission", type="system")
    made = [c.admin.permission(name=f"May {tag} {number}", key=f"org:{tag}:{number}") for number in range(3)]
    _listing(c, made, tag)


@covers("CreateOrganizationPermission")
def create_organization_permission(c):
    tag = c.admin.tag()

    def create(**fields):
        permission = c.call(**fields)
        c.admin.made("/organization_permissions/" + permission["id"])
        return permission

    with c.part("every kind of field"):
        got = create(name=f"May {tag}", key=f"org:{tag}:manage", description="Does <all>")
        c.same(got, object="permission", name=f"May {tag}", key=f"org:{tag}:manage", description="Does <all>",
               type="user")
        if not got["id"].startswith("perm_"):
            raise Wrong(f"id {got['id']!r}")
        c.same(c.admin.get("/organization_permissions/" + got["id"]), key=f"org:{tag}:manage")
    with c.part("smallest"):
        c.same(create(name=f"May {tag} less", key=f"org:{tag}:less"), key=f"org:{tag}:less", type="user")
    with c.part("key taken"):
        c.refused((400, 422), None, name="Twice " + tag, key=c.admin.permission()["key"])
    with c.part("prefix of the system"):
        c.refused(422, None, name="Sys " + tag, key=f"org:sys_{tag}:read")
    with c.part("key without an action"):
        c.refused(422, None, name="Odd " + tag, key=f"org:{tag}")
    with c.part("wrong key"):
        c.wrong_key(name="May " + tag, key=f"org:{tag}:x")


@covers("GetOrganizationPermission")
def get_organization_permission(c):
    made = c.admin.permission()
    with c.part("by id"):
        c.same(c.call(permission_id=made["id"]), **{name: made[name] for name in (
            "id", "object", "name", "key", "description", "type", "created_at", "updated_at")})
    with c.part("of the system"):
        c.same(c.call(permission_id=system(c)["org:sys_profile:delete"]), type="system", key="org:sys_profile:delete")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", permission_id=NO_PERMISSION)


@covers("UpdateOrganizationPermission")
def update_organization_permission(c):
    made = c.admin.permission()
    target = {"permission_id": made["id"]}
    with c.part("name and description"):
        got = c.call(**target, name="New " + made["key"], description="New")
        c.same(got, id=made["id"], name="New " + made["key"], description="New", key=made["key"], type="user")
        c.same(c.admin.get("/organization_permissions/" + made["id"]), description="New")
    with c.part("roles follow a new key"):
        role = c.admin.role(permissions=[made["id"]])
        c.same(c.call(**target, key=made["key"] + "_new"), key=made["key"] + "_new")
        equal(may(stored(c, role)), {made["key"] + "_new"}, "permissions of a role")
    with c.part("of the system"):
        c.refused(403, "organization_system_permission_not_modifiable",
                  permission_id=system(c)["org:sys_profile:manage"], name="Mine")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", permission_id=NO_PERMISSION, name="X")


@covers("DeleteOrganizationPermission")
def delete_organization_permission(c):
    made = c.admin.permission()
    with c.part("deletes"):
        c.same(c.call(permission_id=made["id"]), object="permission", id=made["id"], deleted=True)
        equal(c.admin.request("GET", "/organization_permissions/" + made["id"])[0], 404, "status afterwards")
    with c.part("of the system"):
        c.refused(403, "organization_system_permission_not_modifiable",
                  permission_id=system(c)["org:sys_profile:manage"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", permission_id=made["id"])
