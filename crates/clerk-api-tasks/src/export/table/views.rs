//! The views that access reviews read: who there is, what can be given, and who has it.

use super::{Column, Type, View};

const fn text(name: &'static str, doc: &'static str) -> Column {
    Column {
        name,
        kind: Type::Text,
        doc,
    }
}

const fn instant(name: &'static str, doc: &'static str) -> Column {
    Column {
        name,
        kind: Type::Timestamp,
        doc,
    }
}

/// All views, in the order of the reference.
pub static VIEWS: &[View] = &[
    View {
        name: "principals",
        doc: "Everybody who can have access.",
        columns: &[
            text("id", "The user's id."),
            text("kind", "`user`."),
            text("display_name", "The name, else the username, the address or the id."),
            text("address", "The primary email address."),
            text("status", "`active`, `banned` or `locked`."),
            instant("last_sign_in_at", "When the user last signed in; null: never."),
        ],
        sql: "SELECT id, 'user', coalesce(name, username, primary_email_address, id), primary_email_address,
    CASE WHEN banned THEN 'banned' WHEN locked THEN 'locked' ELSE 'active' END, last_sign_in_at
FROM users",
    },
    View {
        name: "entitlements",
        doc: "Each role in each organization that somebody has.",
        columns: &[
            text("id", "The organization's id and the role's key, joined by `/`."),
            text("organization_id", "The organization."),
            text("organization_slug", "Its slug."),
            text("organization_name", "Its name."),
            text("role", "The role's key."),
            text("role_name", "The role's name."),
        ],
        sql: "SELECT memberships.organization_id || '/' || role, memberships.organization_id, organizations.slug, organizations.name, role, max(role_name)
FROM memberships LEFT JOIN organizations ON organizations.id = memberships.organization_id
GROUP BY memberships.organization_id, role",
    },
    View {
        name: "grants",
        doc: "Who has which role in which organization.",
        columns: &[
            text("principal_id", "The user's id."),
            text("entitlement_id", "The entitlement's id."),
            instant("granted_at", "When the membership was created."),
            text("organization_id", "The organization."),
            text("organization_slug", "Its slug."),
            text("organization_name", "Its name."),
            text("role", "The role's key."),
            text("address", "The user's primary email address."),
        ],
        sql: "SELECT memberships.user_id, memberships.organization_id || '/' || role, memberships.created_at, memberships.organization_id,
    organizations.slug, organizations.name, role, users.primary_email_address
FROM memberships LEFT JOIN organizations ON organizations.id = memberships.organization_id LEFT JOIN users ON users.id = memberships.user_id",
    },
];
