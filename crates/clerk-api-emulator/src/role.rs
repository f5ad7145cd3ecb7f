//! The two roles of a new instance and what they permit.

/// A role and its permissions.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) permissions: &'static [&'static str],
}

/// The role of an organization's creator.
pub(crate) const ADMIN: Role = Role {
    key: "org:admin",
    name: "Admin",
    permissions: &[
        "org:sys_profile:manage",
        "org:sys_profile:delete",
        "org:sys_memberships:read",
        "org:sys_memberships:manage",
        "org:sys_domains:read",
        "org:sys_domains:manage",
        "org:sys_billing:read",
        "org:sys_billing:manage",
        "org:sys_entconns:manage",
    ],
};

/// The role of everybody else.
pub(crate) const MEMBER: Role = Role {
    key: "org:member",
    name: "Member",
    permissions: &["org:sys_memberships:read", "org:sys_billing:read"],
};

/// What at least one member of an organization must be permitted.
const MINIMUM: [&str; 3] = [
    "org:sys_memberships:manage",
    "org:sys_memberships:read",
    "org:sys_profile:delete",
];

/// Returns the role with this key.
pub(crate) fn find(key: &str) -> Option<&'static Role> {
    [&ADMIN, &MEMBER].into_iter().find(|role| role.key == key)
}

impl Role {
    pub(crate) fn permits(&self, permission: &str) -> bool {
        self.permissions.contains(&permission)
    }

    /// Tells whether an organization may rest on a single member with this role.
    pub(crate) fn is_elevated(&self) -> bool {
        MINIMUM.iter().all(|permission| self.permits(permission))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_admin_can_carry_an_organization() {
        assert!(find("org:admin").is_some_and(Role::is_elevated));
        assert!(find("org:member").is_some_and(|role| !role.is_elevated()));
        assert_eq!(find("admin"), None);
    }
}
