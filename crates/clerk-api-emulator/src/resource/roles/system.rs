//! What every instance permits, and the roles that a new one has.

/// A permission of every instance.
#[derive(Debug)]
pub(crate) struct SystemPermission {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// Whether plain members of a new instance have it.
    pub(crate) of_members: bool,
}

const fn system(
    key: &'static str,
    name: &'static str,
    description: &'static str,
    of_members: bool,
) -> SystemPermission {
    SystemPermission {
        key,
        name,
        description,
        of_members,
    }
}

/// What administrators of a new instance may do.
pub(crate) const SYSTEM: [SystemPermission; 9] = [
    system(
        "org:sys_profile:manage",
        "Manage organization",
        "Change the organization's name, slug and logo.",
        false,
    ),
    system(
        "org:sys_profile:delete",
        "Delete organization",
        "Delete the organization.",
        false,
    ),
    system(
        "org:sys_memberships:read",
        "Read members",
        "See who is a member.",
        true,
    ),
    system(
        "org:sys_memberships:manage",
        "Manage members",
        "Add, change and remove members and invite people.",
        false,
    ),
    system(
        "org:sys_domains:read",
        "Read domains",
        "See the organization's domains.",
        false,
    ),
    system(
        "org:sys_domains:manage",
        "Manage domains",
        "Add, change and remove domains.",
        false,
    ),
    system(
        "org:sys_billing:read",
        "Read billing",
        "See plans and payments.",
        true,
    ),
    system(
        "org:sys_billing:manage",
        "Manage billing",
        "Change plans and payments.",
        false,
    ),
    system(
        "org:sys_entconns:manage",
        "Manage enterprise connections",
        "Change how members of a company sign in.",
        false,
    ),
];

/// What at least one member of an organization must be permitted, and every creator.
pub(crate) const MINIMUM: [&str; 3] = [
    "org:sys_memberships:manage",
    "org:sys_memberships:read",
    "org:sys_profile:delete",
];

/// What a member needs to invite others and to revoke that.
pub(crate) const MANAGE_MEMBERS: &str = MINIMUM[0];

/// Returns whether an organization may rest on a single member who is permitted this.
pub(crate) fn is_elevated(permissions: &[impl AsRef<str>]) -> bool {
    MINIMUM
        .iter()
        .all(|key| permissions.iter().any(|one| one.as_ref() == *key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_can_rest_on_an_administrator_but_not_on_a_member() {
        let keys = |of_members: bool| -> Vec<&str> {
            let some = SYSTEM.iter().filter(|one| one.of_members || !of_members);
            some.map(|one| one.key).collect()
        };
        assert!(is_elevated(&keys(false)));
        assert_eq!(
            keys(true),
            ["org:sys_memberships:read", "org:sys_billing:read"]
        );
        assert!(!is_elevated(&keys(true)));
    }
}
