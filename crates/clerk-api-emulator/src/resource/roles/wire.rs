//! The role, its permissions and the sets that roles are in.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Permission {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) description: String,
    #[serde(rename = "type")]
    pub(crate) kind: Cow<'static, str>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// A role. Stored without its permissions, which are put in when it is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) description: Option<String>,
    pub(crate) is_creator_eligible: bool,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Role {
    pub(crate) fn new(id: String, key: String, name: String, now: i64) -> Self {
        Self {
            object: Cow::Borrowed("role"),
            id,
            name,
            key,
            description: None,
            is_creator_eligible: false,
            permissions: Vec::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// The part of a membership's JSON that comes from the role.
    pub(crate) fn of_membership(&self) -> serde_json::Result<String> {
        #[derive(Serialize)]
        struct Part<'a> {
            role: &'a str,
            role_name: &'a str,
            permissions: Vec<&'a str>,
        }
        let part = serde_json::to_string(&Part {
            role: &self.key,
            role_name: &self.name,
            permissions: self.permissions.iter().map(|one| &*one.key).collect(),
        })?;
        Ok(part[1..part.len() - 1].to_owned())
    }
}

/// A role set. Stored without its roles, which are put in when it is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RoleSet {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) description: Option<String>,
    pub(crate) roles: Vec<RoleSetItem>,
    pub(crate) default_role: Option<RoleSetItem>,
    pub(crate) creator_role: Option<RoleSetItem>,
    #[serde(rename = "type")]
    pub(crate) kind: Cow<'static, str>,
    /// Always null: sets are changed at once.
    pub(crate) role_set_migration: (),
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl RoleSet {
    pub(crate) fn new(id: String, key: String, name: String, now: i64) -> Self {
        Self {
            object: Cow::Borrowed("role_set"),
            id,
            name,
            key,
            description: None,
            roles: Vec::new(),
            default_role: None,
            creator_role: None,
            kind: Cow::Borrowed("custom"),
            role_set_migration: (),
            created_at: now,
            updated_at: now,
        }
    }

    /// Makes the set the one of new organizations, or one of the others.
    pub(crate) fn set_initial(&mut self, initial: bool) {
        self.kind = Cow::Borrowed(if initial { "initial" } else { "custom" });
    }
}

/// A role within a set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RoleSetItem {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) description: Option<String>,
    pub(crate) members_count: u64,
    pub(crate) has_members: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl RoleSetItem {
    pub(crate) fn new(role: Role, members_count: u64) -> Self {
        Self {
            object: Cow::Borrowed("role_set_item"),
            id: role.id,
            name: role.name,
            key: role.key,
            description: role.description,
            members_count,
            has_members: members_count > 0,
            created_at: role.created_at,
            updated_at: role.updated_at,
        }
    }
}
