//! Which roles the members of an organization can have.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::RoleSetRef;
use crate::list::List;
use crate::model::{DeletedObject, RoleSet, RoleSetType};
use crate::ops::permissions::KeyedOrder;
use crate::value::{Limit, Object, Offset, Order, Patch, RoleSetKey, Word, choice};

choice! {
    /// What a role set can be made by a change.
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
    /// The roles of creators and of new members must be among its roles.
    pub struct CreateRoleSet = "role_sets.create", CreateRoleSet: Post "/role_sets", Create, None => RoleSet;
    lookup &ROLE_SET_LOOKUP;
    needs {
        /// The name.
        body name: String,
        /// The key of the role that new members get.
        body default_role_key as "default_role": String,
        /// The key of the role that creators of organizations get.
        body creator_role_key as "creator_role": String,
        /// The keys of its roles, 1 to 10.
        body roles as "role" in 1..=10: Vec<Word>,
    }
    takes {
        /// The key, `role_set:…`; made from the name by default.
        body key: Option<RoleSetKey>,
        /// What it is for.
        body description: Patch<String>,
        /// Whether new organizations get it.
        body r#type: Option<RoleSetType>,
    }
}

/// How a role set that may have been created is found again. The list matches parts, so key and name are compared whole.
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
        /// The key of the role that new members get.
        body default_role_key as "default_role": Patch<String>,
        /// The key of the role that creators of organizations get.
        body creator_role_key as "creator_role": Patch<String>,
    }
}

// Its organizations live on with another set, but which of them had it is nowhere to be read any more.
endpoint! {
    /// Deletes a role set and gives its organizations another one.
    /// Members whose role is not in the other set need a mapping.
    pub struct ReplaceRoleSet = "role_sets.replace", ReplaceRoleSet: Post "/role_sets/{role_set_key_or_id}/replace", Destroy, None => DeletedObject;
    needs {
        /// The role set that goes: its key or id.
        path role_set_key_or_id: RoleSetRef,
        /// The key of the role set that takes its place.
        body dest_role_set_key as "by": String,
    }
    takes {
        /// Which role becomes which, by their keys, as an object.
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
        /// The key of the added role that new members get now.
        body default_role_key as "default_role": Option<String>,
        /// The key of the added role that creators get now.
        body creator_role_key as "creator_role": Option<String>,
    }
}

endpoint! {
    /// Takes a role out of a role set and gives its members another one.
    pub struct ReplaceRoleSetRole = "role_sets.replace_role", ReplaceRoleInRoleSet: Post "/role_sets/{role_set_key_or_id}/roles/replace", Replace, None => RoleSet;
    needs {
        /// The role set: its key, such as `role_set:default`, or id.
        path role_set_key_or_id: RoleSetRef,
        /// The key of the role that goes.
        body role_key as "role": String,
        /// The key of the role that its members get.
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
