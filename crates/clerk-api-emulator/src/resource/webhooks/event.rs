//! What can happen: the types of Clerk's webhook events that occur here.

/// All of them, by group.
pub(crate) const TYPES: [&str; 28] = [
    "email.created",
    "organization.created",
    "organization.deleted",
    "organization.updated",
    "organizationDomain.created",
    "organizationDomain.deleted",
    "organizationDomain.updated",
    "organizationInvitation.accepted",
    "organizationInvitation.created",
    "organizationInvitation.revoked",
    "organizationMembership.created",
    "organizationMembership.deleted",
    "organizationMembership.updated",
    "permission.created",
    "permission.deleted",
    "permission.updated",
    "role.created",
    "role.deleted",
    "role.updated",
    "session.created",
    "session.ended",
    "session.removed",
    "session.revoked",
    "user.created",
    "user.deleted",
    "user.updated",
    "waitlistEntry.created",
    "waitlistEntry.updated",
];

/// Returns whether a filter names an existing type or, with `.*`, an existing group of types.
pub(crate) fn is_filter(text: &str) -> bool {
    TYPES.iter().any(|kind| wants(text, kind))
}

/// Returns whether an event of a type passes a filter.
pub(crate) fn wants(filter: &str, kind: &str) -> bool {
    match filter.strip_suffix('*') {
        Some(group) => group.ends_with('.') && kind.starts_with(group),
        None => filter == kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_types_or_groups() {
        for good in ["user.created", "user.*", "organizationInvitation.*"] {
            assert!(is_filter(good), "{good}");
        }
        for bad in [
            "",
            "*",
            "user",
            "user*",
            "user.",
            "organizat*",
            "role.banned",
        ] {
            assert!(!is_filter(bad), "{bad}");
        }
        assert!(wants("user.*", "user.deleted") && !wants("user.*", "organization.deleted"));
    }
}
