//! Role sets: the roles that members of an organization can have.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::RoleSetRef;
use crate::list::List;
use crate::model::{DeletedObject, RoleSet, RoleSetType};
use crate::ops::permissions::KeyedOrder;
use crate::value::{Limit, Object, Offset, Order, Patch, RoleSetKey, Word, choice};

choice! {
    /// What a change can make of a role set.
    pub enum NewRoleSetType {
        Initial = "initial",
    }
}

endpoint! {
    /// Lists the role sets of the instance, newest first.
    pub struct ListRoleSets = "role_sets.list", ListRoleSets: Get "/role_sets", Read, Offset => List<RoleSet>;
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
    /// Creates a role set.
    /// Its roles must include the default role and the creator role.
    pub struct CreateRoleSet = "role_sets.create", CreateRoleSet: Post "/role_sets", Create, None => RoleSet;
    lookup &ROLE_SET_LOOKUP;
    needs {
        /// The name.
        body name: String,
        /// The key of the default role for new members.
        body default_role_key as "default_role": String,
        /// The key of the role for creators of organizations.
        body creator_role_key as "creator_role": String,
        /// The keys of its roles, 1 to 10.
        body roles as "role" in 1..=10: Vec<Word>,
    }
    takes {
        /// The key, `role_set:…`; derived from the name by default.
        body key: Option<RoleSetKey>,
        /// What it is for.
        body description: Patch<String>,
        /// Whether new organizations get it.
        body r#type: Option<RoleSetType>,
    }
}

/// How to find a role set that may have been created. The list matches parts, so the whole key and name are compared.
static ROLE_SET_LOOKUP: Lookup = Lookup {
    list: <ListRoleSets as Endpoint>::META,
    within: "",
    unique: &["key"],
    by: &[("key", "query"), ("name", "query")],
    scope: &[],
    same: &[("key", "key"), ("name", "name")],
    second: Second::Made,
};

endpoint! {
    /// Shows a role set with its roles.
    pub struct GetRoleSet = "role_sets.get", GetRoleSet: Get "/role_sets/{role_set_key_or_id}", Read, None => RoleSet;
    needs {
        /// The role set: its key, such as `role_set:default`, or id.
        path role_set_key_or_id: RoleSetRef,
    }
}

endpoint! {
    /// Changes a role set.
    pub struct UpdateRoleSet = "role_sets.update", UpdateRoleSet: Patch "/role_sets/{role_set_key_or_id}", Update, None => RoleSet;
    needs {
        /// The role set: its key, such as `role_set:default`, or id.
        path role_set_key_or_id: RoleSetRef,
    }
    takes {
        /// The name.
        body name: Patch<String>,
        /// The key, `role_set:…`.
        body key: Patch<RoleSetKey>,
        /// What it is for.
        body description: Patch<String>,
        /// `initial` gives it to new organizations.
        body r#type: Patch<NewRoleSetType>,
        /// The key of the default role for new members.
        body default_role_key as "default_role": Patch<String>,
        /// The key of the role for creators of organizations.
        body creator_role_key as "creator_role": Patch<String>,
    }
}

// Its organizations get another set, and nothing records which of them had this one.
endpoint! {
    /// Deletes a role set and gives its organizations another one.
    /// If a member's role is not in the other set, you have to map it.
    pub struct ReplaceRoleSet = "role_sets.replace", ReplaceRoleSet: Post "/role_sets/{role_set_key_or_id}/replace", Destroy, None => DeletedObject;
    needs {
        /// The role set to delete: its key or id.
        path role_set_key_or_id: RoleSetRef,
        /// The key of the replacement role set.
        body dest_role_set_key as "by": String,
    }
    takes {
        /// An object that maps old role keys to new ones.
        body reassignment_mappings as "mappings": Option<Object>,
    }
}

endpoint! {
    /// Adds roles to a role set.
    pub struct AddRoleSetRoles = "role_sets.add_roles", AddRolesToRoleSet: Post "/role_sets/{role_set_key_or_id}/roles", Update, None => RoleSet;
    needs {
        /// The role set: its key, such as `role_set:default`, or id.
        path role_set_key_or_id: RoleSetRef,
        /// The keys of the roles, 1 to 10.
        body role_keys as "role" in 1..=10: Vec<Word>,
    }
    takes {
        /// The key of an added role that becomes the default role.
        body default_role_key as "default_role": Option<String>,
        /// The key of an added role that becomes the creator role.
        body creator_role_key as "creator_role": Option<String>,
    }
}

endpoint! {
    /// Removes a role from a role set and gives its members another one.
    pub struct ReplaceRoleSetRole = "role_sets.replace_role", ReplaceRoleInRoleSet: Post "/role_sets/{role_set_key_or_id}/roles/replace", Replace, None => RoleSet;
    needs {
        /// The role set: its key, such as `role_set:default`, or id.
        path role_set_key_or_id: RoleSetRef,
        /// The key of the role to remove.
        body role_key as "role": String,
        /// The key of the new role of its members.
        body to_role_key as "by": String,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListRoleSets>(),
    Op::of::<GetRoleSet>(),
    Op::of::<CreateRoleSet>(),
    Op::of::<UpdateRoleSet>(),
    Op::of::<ReplaceRoleSet>(),
    Op::of::<AddRoleSetRoles>(),
    Op::of::<ReplaceRoleSetRole>(),
];
