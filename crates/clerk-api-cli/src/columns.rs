//! What a table and a CSV file show of each model, and which id of a row is the useful one.
//!
//! One entry a model; `view` finds it by the operation's name.

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
}

/// What is shown of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The columns; empty for models that have none here, then the first row decides.
    pub columns: &'static [Column],
    /// Where the id is that other commands take; the first that a row has.
    pub ids: &'static [&'static str],
}

const fn column(title: &'static str, path: &'static str, kind: Kind) -> Column {
    Column {
        title,
        name: path,
        path,
        kind,
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
    }
}

/// Where the id of a row usually is.
const IDS: &[&str] = &["id", "user_id", "organization_id"];

static ANY: View = View {
    columns: &[],
    ids: IDS,
};

static USER: View = View {
    columns: &[
        text("ID", "id"),
        primary(
            "EMAIL",
            "email_addresses",
            "primary_email_address_id",
            "email_address",
        ),
        text("FIRST", "first_name"),
        text("LAST", "last_name"),
        text("USERNAME", "username"),
        instant("CREATED", "created_at"),
        instant("LAST SIGN-IN", "last_sign_in_at"),
        text("BANNED", "banned"),
        text("LOCKED", "locked"),
    ],
    ids: IDS,
};

static ORGANIZATION: View = View {
    columns: &[
        text("ID", "id"),
        text("NAME", "name"),
        text("SLUG", "slug"),
        count("MEMBERS", "members_count"),
        count("MAX", "max_allowed_memberships"),
        text("CREATED BY", "created_by"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

/// A member of an organization. Its own id fits in no path (spec: every membership path takes the user's id).
static MEMBER: View = View {
    columns: &[
        text("USER", "public_user_data.user_id"),
        text("IDENTIFIER", "public_user_data.identifier"),
        text("FIRST", "public_user_data.first_name"),
        text("LAST", "public_user_data.last_name"),
        text("ROLE", "role"),
        text("ORGANIZATION", "organization.id"),
        instant("SINCE", "created_at"),
    ],
    ids: &["public_user_data.user_id", "id"],
};

/// The same object seen from the user.
static MEMBERSHIP: View = View {
    columns: &[
        text("ORGANIZATION", "organization.id"),
        text("NAME", "organization.name"),
        text("SLUG", "organization.slug"),
        text("ROLE", "role"),
        instant("SINCE", "created_at"),
    ],
    ids: &["organization.id", "id"],
};

static ORGANIZATION_INVITATION: View = View {
    columns: &[
        text("ID", "id"),
        text("EMAIL", "email_address"),
        text("ROLE", "role"),
        text("STATUS", "status"),
        text("ORGANIZATION", "organization_id"),
        text("INVITER", "inviter_id"),
        instant("CREATED", "created_at"),
        instant("EXPIRES", "expires_at"),
    ],
    ids: IDS,
};

static INVITATION: View = View {
    columns: &[
        text("ID", "id"),
        text("EMAIL", "email_address"),
        text("STATUS", "status"),
        instant("CREATED", "created_at"),
        instant("EXPIRES", "expires_at"),
    ],
    ids: IDS,
};

static EMAIL_ADDRESS: View = View {
    columns: &[
        text("ID", "id"),
        text("EMAIL", "email_address"),
        text("VERIFICATION", "verification.status"),
        text("STRATEGY", "verification.strategy"),
        text("RESERVED", "reserved"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

static PHONE_NUMBER: View = View {
    columns: &[
        text("ID", "id"),
        text("PHONE", "phone_number"),
        text("VERIFICATION", "verification.status"),
        text("STRATEGY", "verification.strategy"),
        text("RESERVED", "reserved"),
        text("SECOND FACTOR", "reserved_for_second_factor"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

/// A code that was sent; what it is for has an id of its own, which the next command takes as well.
static VERIFICATION: View = View {
    columns: &[
        text("ID", "id"),
        text("STATUS", "status"),
        text("STRATEGY", "strategy"),
        count("ATTEMPTS", "attempts"),
    ],
    ids: IDS,
};

static SESSION: View = View {
    columns: &[
        text("ID", "id"),
        text("USER", "user_id"),
        text("STATUS", "status"),
        text("ORGANIZATION", "last_active_organization_id"),
        instant("CREATED", "created_at"),
        instant("LAST ACTIVE", "last_active_at"),
        instant("EXPIRES", "expire_at"),
    ],
    ids: IDS,
};

static ROLE: View = View {
    columns: &[
        text("ID", "id"),
        text("KEY", "key"),
        text("NAME", "name"),
        text("CREATOR", "is_creator_eligible"),
        text("DESCRIPTION", "description"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

static PERMISSION: View = View {
    columns: &[
        text("ID", "id"),
        text("KEY", "key"),
        text("NAME", "name"),
        text("TYPE", "type"),
        text("DESCRIPTION", "description"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

static ROLE_SET: View = View {
    columns: &[
        text("ID", "id"),
        text("KEY", "key"),
        text("NAME", "name"),
        text("TYPE", "type"),
        text("DEFAULT", "default_role.key"),
        text("CREATORS", "creator_role.key"),
        text("ROLES", "roles.key"),
    ],
    ids: IDS,
};

static DOMAIN: View = View {
    columns: &[
        text("ID", "id"),
        text("NAME", "name"),
        text("ORGANIZATION", "organization_id"),
        text("ENROLLMENT", "enrollment_mode"),
        text("VERIFIED", "affiliation_verification.status"),
        text("OWNED", "ownership_verification.status"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

/// A sign-in token or an actor token. What lets its holder in is in JSON only.
static ACCESS_TOKEN: View = View {
    columns: &[
        text("ID", "id"),
        text("USER", "user_id"),
        text("STATUS", "status"),
        instant("CREATED", "created_at"),
    ],
    ids: &["id"],
};

static JWT_TEMPLATE: View = View {
    columns: &[
        text("ID", "id"),
        text("NAME", "name"),
        count("LIFETIME", "lifetime"),
        count("SKEW", "allowed_clock_skew"),
        text("ALGORITHM", "signing_algorithm"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

static REDIRECT_URL: View = View {
    columns: &[
        text("ID", "id"),
        text("URL", "url"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

static DELETED: View = View {
    columns: &[
        text("ID", "id"),
        text("OBJECT", "object"),
        text("DELETED", "deleted"),
    ],
    ids: IDS,
};

static DEVICE: View = View {
    columns: &[
        text("ID", "id"),
        text("NAME", "name"),
        text("PLATFORM", "platform"),
        text("STATUS", "status"),
        instant("CREATED", "created_at"),
        instant("LAST USED", "last_used_at"),
    ],
    ids: IDS,
};

static COUNT: View = View {
    columns: &[count("TOTAL", "total_count")],
    ids: IDS,
};

static WAITLIST_ENTRY: View = View {
    columns: &[
        text("ID", "id"),
        text("EMAIL", "email_address"),
        text("STATUS", "status"),
        text("INVITATION", "invitation.id"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

static LISTED_IDENTIFIER: View = View {
    columns: &[
        text("ID", "id"),
        text("IDENTIFIER", "identifier"),
        text("TYPE", "identifier_type"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
};

static RESTRICTIONS: View = View {
    columns: &[
        text("ALLOWLIST", "allowlist"),
        text("BLOCKLIST", "blocklist"),
        text("SUBADDRESSES BLOCKED", "block_email_subaddresses"),
        text("DISPOSABLE BLOCKED", "block_disposable_email_domains"),
    ],
    ids: IDS,
};

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
    ("actor_tokens.*", &ACCESS_TOKEN),
    ("jwt_templates.*", &JWT_TEMPLATE),
    ("redirect_urls.*", &REDIRECT_URL),
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
