//! What a table and a CSV file show of each model, and which id of a row is the useful one.
//!
//! One entry a model; `view` finds it by the operation's name.

mod own;
mod views;

use clerk_api::{catalog, ops};

use own::{
    CHANGE, CHOICE, COMMAND, FINDING, FOUND, JOB, JOB_ROW, MEMBER_CHOICE, OPERATION, RULE,
    TABLE_COLUMN,
};
use views::{
    ACCESS_TOKEN, ANY, COUNT, DELETED, DEVICE, DOMAIN, EMAIL_ADDRESS, INVITATION, JWT_TEMPLATE,
    LISTED_IDENTIFIER, MEMBER, MEMBERSHIP, NEW_ACCESS_TOKEN, ORGANIZATION, ORGANIZATION_INVITATION,
    PERMISSION, PHONE_NUMBER, REDIRECT_URL, RESTRICTIONS, ROLE, ROLE_SET, SESSION, UNTYPED, USER,
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
    /// The title in CSV, and another name for it in `--fields`.
    pub name: &'static str,
    /// Where the value is, names joined by dots.
    pub path: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// What to show in place of an id, if the row has it.
    pub shown: Option<&'static str>,
}

/// What is shown of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The columns; empty for models that have none here, then the first row decides.
    pub columns: &'static [Column],
    /// Columns that only `--fields` names.
    pub more: &'static [Column],
    /// The paths of the id that other commands take; the first one that a row has.
    pub ids: &'static [&'static str],
    /// The members whose values grant access, hidden unless `--show-secrets` is given. Not for operations whose
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

/// A column that has another name than its value.
const fn called(name: &'static str, column: Column) -> Column {
    Column { name, ..column }
}

/// Operations whose view does not follow from the model of their response.
static OPERATIONS: &[(&str, &View)] = &[
    ("actor_tokens.create", &NEW_ACCESS_TOKEN),
    ("sign_in_tokens.create", &NEW_ACCESS_TOKEN),
    ("users.memberships", &MEMBERSHIP),
];

/// What this program makes itself.
static OWN: &[(&str, &View)] = &[
    ("api", &OPERATION),
    ("audit", &FINDING),
    ("audit.diff", &CHANGE),
    ("audit.rules", &RULE),
    ("audit.schema", &TABLE_COLUMN),
    ("choose.member", &MEMBER_CHOICE),
    ("choose.user", &CHOICE),
    ("commands", &COMMAND),
    ("find", &FOUND),
    ("jobs.list", &JOB),
    ("jobs.show", &JOB),
    ("jobs.failed", &JOB_ROW),
];

/// The view of each model, by the model's name.
static MODELS: &[(&str, &View)] = &[
    ("ActorToken", &ACCESS_TOKEN),
    ("AllowlistIdentifier", &LISTED_IDENTIFIER),
    ("BlocklistIdentifier", &LISTED_IDENTIFIER),
    ("CodeVerification", &VERIFICATION),
    ("DeletedObject", &DELETED),
    ("EmailAddress", &EMAIL_ADDRESS),
    ("InstanceRestrictions", &RESTRICTIONS),
    ("Invitation", &INVITATION),
    ("JwtTemplate", &JWT_TEMPLATE),
    ("Membership", &MEMBER),
    ("Organization", &ORGANIZATION),
    ("OrganizationDomain", &DOMAIN),
    ("OrganizationInvitation", &ORGANIZATION_INVITATION),
    ("Permission", &PERMISSION),
    ("PhoneNumber", &PHONE_NUMBER),
    ("RedirectUrl", &REDIRECT_URL),
    ("Role", &ROLE),
    ("RoleSet", &ROLE_SET),
    ("Session", &SESSION),
    ("SignInToken", &ACCESS_TOKEN),
    ("TotalCount", &COUNT),
    ("TrustedDevice", &DEVICE),
    ("User", &USER),
    ("WaitlistEntry", &WAITLIST_ENTRY),
];

/// Returns what is shown of an operation's response, by the operation's name, such as "users.list".
#[must_use]
pub fn view(name: &str) -> &'static View {
    let entry = |table: &[(&str, &'static View)], key: &str| {
        let found = table.iter().find(|(entry, _)| *entry == key);
        found.map(|(_, view)| *view)
    };
    let of_model = || entry(MODELS, ops::find(name)?.meta.model());
    let own = || entry(OWN, name);
    let untyped = || {
        let meta = catalog::undeclared().find(|meta| meta.name == name)?;
        meta.holds_secrets().then_some(&UNTYPED)
    };
    let found = entry(OPERATIONS, name).or_else(of_model).or_else(own);
    let found = found.or_else(|| name.starts_with("api.").then(untyped).flatten());
    found.unwrap_or(&ANY)
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
        assert_eq!(view("users.delete_web3_wallet"), &DELETED);
        assert_eq!(view("sessions.token"), &ANY);
        assert_eq!(view("local"), &ANY);
    }

    #[test]
    fn every_entry_is_of_an_operation_or_of_a_model_that_operations_return() {
        for (name, _) in OPERATIONS {
            assert!(ops::find(name).is_some(), "{name}");
        }
        for (model, _) in MODELS {
            let returned = ops::all().any(|op| op.meta.model() == *model);
            assert!(returned, "{model}");
        }
    }

    #[test]
    fn names_of_columns_are_unique_in_a_view() {
        for (_, view) in OPERATIONS.iter().chain(MODELS).chain(OWN) {
            let columns = || view.columns.iter().chain(view.more);
            let mut names: Vec<_> = columns().map(|column| column.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), columns().count());
        }
    }
}
