//! Roles, what they permit, and the sets they are in.

use std::collections::BTreeMap;

use crate::id::{OrganizationId, PermissionId, RoleId, RoleSetRef};
use crate::time::Timestamp;
use crate::value::choice;

choice! {
    /// Which organizations have a role set.
    pub enum RoleSetType {
        /// New ones.
        Initial = "initial",
        /// Those that were given it.
        Custom = "custom",
    }
}

model! {
    /// Something that members can be permitted (spec: `Permission`).
    pub struct Permission {
        always {
            /// The id, `perm_…`.
            id: PermissionId,
        }
        /// `permission`.
        object: String,
        /// The name.
        name: String,
        /// The key, such as `org:invoices:read`.
        key: String,
        /// What it is for.
        description: String,
        /// `system` for those that every instance has.
        r#type: String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// What a member of an organization can be (spec: `Role`).
    pub struct Role {
        always {
            /// The id, `role_…`.
            id: RoleId,
        }
        /// `role`.
        object: String,
        /// The name.
        name: String,
        /// The key, such as `org:admin`.
        key: String,
        /// What it is for.
        description: String,
        /// Whether creators of organizations can have it.
        is_creator_eligible: bool,
        /// What it permits.
        permissions: Vec<Permission>,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// The roles that members of an organization can have (spec: `RoleSet`).
    pub struct RoleSet {
        always {
            /// The id.
            id: RoleSetRef,
        }
        /// `role_set`.
        object: String,
        /// The name.
        name: String,
        /// The key, such as `role_set:default`.
        key: String,
        /// What it is for.
        description: String,
        /// Its roles.
        roles: Vec<RoleSetItem>,
        /// What new members get.
        default_role: RoleSetItem,
        /// What creators of organizations get.
        creator_role: RoleSetItem,
        /// Whether new organizations have it.
        r#type: RoleSetType,
        /// How far a change of its roles is, while there is one.
        role_set_migration: RoleSetMigration,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// A role within a set (spec: `RoleSetItem`).
    pub struct RoleSetItem {
        always {
            /// The role's id, `role_…`.
            id: RoleId,
        }
        /// `role_set_item`.
        object: String,
        /// The role's name.
        name: String,
        /// The role's key.
        key: String,
        /// What the role is for.
        description: String,
        /// How many members have it in organizations with this set.
        members_count: u64,
        /// Whether there are any.
        has_members: bool,
        /// When the role was created.
        created_at: Timestamp,
        /// When the role was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// A change of members' roles that takes its time (spec: `RoleSetMigration`).
    pub struct RoleSetMigration {
        always {
            /// The id.
            id: String,
        }
        /// `role_set_migration`.
        object: String,
        /// The organization, where it is about one.
        organization_id: OrganizationId,
        /// The instance.
        instance_id: String,
        /// The set whose roles go.
        source_role_set_id: String,
        /// The set whose roles come.
        dest_role_set_id: String,
        /// What began it, such as `role_removal`.
        trigger_type: String,
        /// How far it is, such as `in_progress`.
        status: String,
        /// How many members have their new role.
        migrated_members: u64,
        /// Which role becomes which, by their keys.
        mappings: BTreeMap<String, String>,
        /// When it began.
        started_at: Timestamp,
        /// When it ended.
        completed_at: Timestamp,
        /// When it was asked for.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}
