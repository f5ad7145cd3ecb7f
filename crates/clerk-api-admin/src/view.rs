//! What a table and a CSV file show of each model, and which id of a row is the useful one.
//!
//! One entry a model; `view` finds it by the operation's name.

mod views;

use views::{
    ACCESS_TOKEN, ANY, COUNT, DELETED, DEVICE, DOMAIN, EMAIL_ADDRESS, INVITATION, JWT_TEMPLATE,
    LISTED_IDENTIFIER, MEMBER, MEMBERSHIP, NEW_ACCESS_TOKEN, ORGANIZATION, ORGANIZATION_INVITATION,
    PERMISSION, PHONE_NUMBER, REDIRECT_URL, RESTRICTIONS, ROLE, ROLE_SET, SESSION, USER,
    VERIFICATION, WAITLIST_ENTRY,
};

/// How a cell is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As text; what is nested as compact JSON.
    Text,
    /// Milliseconds since 1970: a date for people, the number in CSV.
    Instant,
    /// A number, to the right.
    Count,
    /// The member of the list at `path` whose `id` the row names in `id`; of it, the field `value`.
    Primary {
        /// Where the row keeps the id.
        id: &'static str,
        /// The field of the member.
        value: &'static str,
    },
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// What a table's head says.
    pub title: &'static str,
    /// What CSV's head says, and another name for it in `--fields`.
    pub name: &'static str,
    /// Where the value is, names joined by dots.
    pub path: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// What people see in place of an id where the row has it.
    pub shown: Option<&'static str>,
}

/// What is shown of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The columns; empty for models that have none here, then the first row decides.
    pub columns: &'static [Column],
    /// Where the id is that other commands take; the first that a row has.
    pub ids: &'static [&'static str],
    /// The members whose values let their bearer in, hidden unless `--show-secrets` is given. Not for operations whose
    /// result is such a value: who creates a token wants it.
    pub hidden: &'static [&'static str],
}

const fn column(title: &'static str, path: &'static str, kind: Kind) -> Column {
    Column {
        title,
        name: path,
        path,
        kind,
        shown: None,
    }
}

/// An id, for people the name that goes with it.
const fn named(title: &'static str, path: &'static str, shown: &'static str) -> Column {
    Column {
        shown: Some(shown),
        ..text(title, path)
    }
}

const fn text(title: &'static str, path: &'static str) -> Column {
    column(title, path, Kind::Text)
}

const fn instant(title: &'static str, path: &'static str) -> Column {
    column(title, path, Kind::Instant)
}

const fn count(title: &'static str, path: &'static str) -> Column {
    column(title, path, Kind::Count)
}

const fn primary(
    title: &'static str,
    path: &'static str,
    id: &'static str,
    value: &'static str,
) -> Column {
    Column {
        title,
        name: value,
        path,
        kind: Kind::Primary { id, value },
        shown: None,
    }
}

/// Operations, by name or by group and `*`; the first that fits counts.
static VIEWS: &[(&str, &View)] = &[
    ("*.count", &COUNT),
    ("*.delete", &DELETED),
    ("allowlist.remove", &DELETED),
    ("allowlist.*", &LISTED_IDENTIFIER),
    ("application_invitations.*", &INVITATION),
    ("domains.*", &DOMAIN),
    ("blocklist.remove", &DELETED),
    ("blocklist.*", &LISTED_IDENTIFIER),
    ("email_addresses.*_verification", &VERIFICATION),
    ("email_addresses.*", &EMAIL_ADDRESS),
    ("instance.update_restrictions", &RESTRICTIONS),
    ("invitations.*", &ORGANIZATION_INVITATION),
    ("memberships.*", &MEMBER),
    ("organizations.add_member", &MEMBER),
    ("organizations.adjust_billing_credits", &ANY),
    ("organizations.billing_*", &ANY),
    ("organizations.members", &MEMBER),
    ("organizations.remove_member", &MEMBER),
    ("organizations.update_member", &MEMBER),
    ("organizations.update_member_metadata", &MEMBER),
    ("organizations.*", &ORGANIZATION),
    ("permissions.*", &PERMISSION),
    ("phone_numbers.*_verification", &VERIFICATION),
    ("phone_numbers.*", &PHONE_NUMBER),
    ("role_sets.replace", &DELETED),
    ("role_sets.*", &ROLE_SET),
    ("roles.*", &ROLE),
    ("actor_tokens.create", &NEW_ACCESS_TOKEN),
    ("actor_tokens.*", &ACCESS_TOKEN),
    ("jwt_templates.*", &JWT_TEMPLATE),
    ("redirect_urls.*", &REDIRECT_URL),
    ("sign_in_tokens.create", &NEW_ACCESS_TOKEN),
    ("sign_in_tokens.*", &ACCESS_TOKEN),
    ("sessions.refresh", &ANY),
    ("sessions.template_token", &ANY),
    ("sessions.token", &ANY),
    ("sessions.*", &SESSION),
    ("users.adjust_billing_credits", &ANY),
    ("users.billing_*", &ANY),
    ("users.delete_backup_codes", &ANY),
    ("users.delete_external_account", &DELETED),
    ("users.delete_passkey", &DELETED),
    ("users.delete_totp", &ANY),
    ("users.disable_mfa", &ANY),
    ("users.invitations", &ORGANIZATION_INVITATION),
    ("users.memberships", &MEMBERSHIP),
    ("users.oauth_access_tokens", &ANY),
    ("users.replace_email_address", &EMAIL_ADDRESS),
    ("users.replace_phone_number", &PHONE_NUMBER),
    ("users.revoke_trusted_device", &DEVICE),
    ("users.trusted_devices", &DEVICE),
    ("users.verify_*", &ANY),
    ("users.*", &USER),
    ("waitlist.*", &WAITLIST_ENTRY),
];

/// What is shown of an operation's answer, by the operation's name, such as "users.list".
#[must_use]
pub fn view(op: &str) -> &'static View {
    let fits = |pattern: &str| match pattern.split_once('*') {
        Some((start, end)) => op.starts_with(start) && op.ends_with(end),
        None => op == pattern,
    };
    VIEWS
        .iter()
        .find(|(pattern, _)| fits(pattern))
        .map_or(&ANY, |(_, view)| view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_find_their_model() {
        assert_eq!(view("users.list"), &USER);
        assert_eq!(view("users.ban"), &USER);
        assert_eq!(view("users.count"), &COUNT);
        assert_eq!(view("organizations.delete"), &DELETED);
        assert_eq!(
            view("organizations.members").ids[0],
            "public_user_data.user_id"
        );
        assert_eq!(view("users.memberships").ids[0], "organization.id");
        assert_eq!(view("roles.list"), &ROLE);
    }

    #[test]
    fn names_of_columns_are_unique_in_a_view() {
        for (_, view) in VIEWS {
            let mut names: Vec<_> = view.columns.iter().map(|column| column.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), view.columns.len());
        }
    }
}
