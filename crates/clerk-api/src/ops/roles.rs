//! Roles of organization members.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::{PermissionId, RoleId};
use crate::list::List;
use crate::model::{DeletedObject, Role};
use crate::ops::permissions::KeyedOrder;
use crate::value::{Limit, Offset, Order, Patch, RoleKey};

endpoint! {
    /// Lists the roles of the instance, newest first.
    pub struct ListRoles = "roles.list", ListOrganizationRoles: Get "/organization_roles", Read, Offset => List<Role>;
    takes {
        /// Text within the name or the key, or an id.
        query query: Option<String>,
        /// The order; `-` in front is descending. Default: `-created_at`.
        query order_by: Option<Order<KeyedOrder>>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Creates a role.
    /// Members can have it if their organization's role set contains it.
    pub struct CreateRole = "roles.create", CreateOrganizationRole: Post "/organization_roles", Create, None => Role;
    lookup &ROLE_LOOKUP;
    needs {
        /// The name.
        body name: String,
        /// The key: `org:` with lower case, digits, underscores.
        body key: RoleKey,
    }
    takes {
        /// What it is for.
        body description: Patch<String>,
        /// The ids of its permissions, `perm_…`.
        body permissions as "permission": Patch<Vec<PermissionId>>,
        /// Whether to add it to the initial role set.
        body include_in_initial_role_set: Patch<bool>,
    }
}

/// How to find a role that may have been created. The list matches parts of keys, so the whole key is compared.
static ROLE_LOOKUP: Lookup = Lookup {
    list: <ListRoles as Endpoint>::META,
    within: "",
    unique: &["key"],
    by: &[("key", "query")],
    scope: &[],
    same: &[("key", "key"), ("name", "name")],
    second: Second::Made,
};

endpoint! {
    /// Shows a role with its permissions.
    pub struct GetRole = "roles.get", GetOrganizationRole: Get "/organization_roles/{organization_role_id}", Read, None => Role;
    needs {
        /// The role, `role_…`.
        path organization_role_id: RoleId,
    }
}

endpoint! {
    /// Changes a role, with immediate effect for its members.
    pub struct UpdateRole = "roles.update", UpdateOrganizationRole: Patch "/organization_roles/{organization_role_id}", Update, None => Role;
    needs {
        /// The role, `role_…`.
        path organization_role_id: RoleId,
    }
    takes {
        /// The name.
        body name: Patch<String>,
        /// The key: `org:` with lower case, digits, underscores.
        body key: Patch<RoleKey>,
        /// What it is for.
        body description: Patch<String>,
        /// The ids of all its permissions from now on, `perm_…`.
        body permissions as "permission": Patch<Vec<PermissionId>>,
    }
}

endpoint! {
    /// Deletes a role that is not in use.
    /// Refused while members or invitations have it, or while it is a default or creator role (422).
    pub struct DeleteRole = "roles.delete", DeleteOrganizationRole: Delete "/organization_roles/{organization_role_id}", Destroy, None => DeletedObject;
    needs {
        /// The role, `role_…`.
        path organization_role_id: RoleId,
    }
}

endpoint! {
    /// Adds a permission to a role.
    pub struct AddRolePermission = "roles.add_permission", AssignPermissionToOrganizationRole: Post "/organization_roles/{organization_role_id}/permissions/{permission_id}", Update, None => Role;
    needs {
        /// The role, `role_…`.
        path organization_role_id: RoleId,
        /// The permission, `perm_…`.
        path permission_id: PermissionId,
    }
}

endpoint! {
    /// Removes a permission from a role.
    pub struct RemoveRolePermission = "roles.remove_permission", RemovePermissionFromOrganizationRole: Delete "/organization_roles/{organization_role_id}/permissions/{permission_id}", Update, None => Role;
    needs {
        /// The role, `role_…`.
        path organization_role_id: RoleId,
        /// The permission, `perm_…`.
        path permission_id: PermissionId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListRoles>(),
    Op::of::<GetRole>(),
    Op::of::<CreateRole>(),
    Op::of::<UpdateRole>(),
    Op::of::<DeleteRole>(),
    Op::of::<AddRolePermission>(),
    Op::of::<RemoveRolePermission>(),
];
