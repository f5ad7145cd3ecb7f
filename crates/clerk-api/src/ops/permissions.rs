//! Permissions that roles grant to members of organizations.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::PermissionId;
use crate::list::List;
use crate::model::{DeletedObject, Permission};
use crate::value::{Limit, Offset, Order, PermissionKey, choice};

choice! {
    /// What lists of permissions, roles and role sets can be ordered by.
    pub enum KeyedOrder {
        CreatedAt = "created_at",
        Name = "name",
        Key = "key",
    }
}

endpoint! {
    /// Lists the permissions of the instance.
    pub struct ListPermissions = "permissions.list", ListOrganizationPermissions: Get "/organization_permissions", Read, Offset => List<Permission>;
    takes {
        /// Text within the name or the key, or an id.
        query query: Option<String>,
        /// The order; `-` in front is descending.
        query order_by: Option<Order<KeyedOrder>>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Creates a permission.
    pub struct CreatePermission = "permissions.create", CreateOrganizationPermission: Post "/organization_permissions", Create, None => Permission;
    lookup &PERMISSION_LOOKUP;
    needs {
        /// The name.
        body name: String,
        /// The key: `org:<feature>:<action>`.
        body key: PermissionKey,
    }
    takes {
        /// What it is for.
        body description: Option<String>,
    }
}

/// How to find a permission that may have been created. The list matches parts of keys, so the whole key is compared.
static PERMISSION_LOOKUP: Lookup = Lookup {
    list: <ListPermissions as Endpoint>::META,
    within: "",
    unique: &["key"],
    by: &[("key", "query")],
    scope: &[],
    same: &[("key", "key"), ("name", "name")],
    second: Second::Made,
};

endpoint! {
    /// Shows a permission.
    pub struct GetPermission = "permissions.get", GetOrganizationPermission: Get "/organization_permissions/{permission_id}", Read, None => Permission;
    needs {
        /// The permission, `perm_…`.
        path permission_id: PermissionId,
    }
}

endpoint! {
    /// Changes a permission; Clerk's own cannot be changed.
    pub struct UpdatePermission = "permissions.update", UpdateOrganizationPermission: Patch "/organization_permissions/{permission_id}", Update, None => Permission;
    needs {
        /// The permission, `perm_…`.
        path permission_id: PermissionId,
    }
    takes {
        /// The name.
        body name: Option<String>,
        /// The key: `org:<feature>:<action>`.
        body key: Option<PermissionKey>,
        /// What it is for.
        body description: Option<String>,
    }
}

endpoint! {
    /// Deletes a permission; Clerk's own cannot be deleted.
    pub struct DeletePermission = "permissions.delete", DeleteOrganizationPermission: Delete "/organization_permissions/{permission_id}", Destroy, None => DeletedObject;
    needs {
        /// The permission, `perm_…`.
        path permission_id: PermissionId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListPermissions>(),
    Op::of::<GetPermission>(),
    Op::of::<CreatePermission>(),
    Op::of::<UpdatePermission>(),
    Op::of::<DeletePermission>(),
];
