//! The columns of each model.

use super::{View, count, instant, named, primary, text};

/// Where the id of a row usually is.
const IDS: &[&str] = &["id", "user_id", "organization_id"];

/// Members whose values grant access (reliability.md 7.6).
const BEARER: &[&str] = &["url", "token"];

pub(super) static ANY: View = View {
    columns: &[],
    ids: IDS,
    hidden: &[],
};

/// Work over many rows; so few columns that a terminal shows ids whole, which begin with the time.
pub(super) static JOB: View = View {
    columns: &[
        text("ID", "id"),
        text("OPERATION", "operation"),
        text("PHASE", "phase"),
        count("DONE", "rows.done"),
        count("FAILED", "rows.failed"),
        count("LEFT", "rows.not_attempted"),
    ],
    ids: IDS,
    hidden: &[],
};

/// A row of a job that failed.
pub(super) static JOB_ROW: View = View {
    columns: &[
        count("LINE", "line"),
        text("STATE", "state"),
        text("ERROR", "error"),
        text("TODO", "todo"),
    ],
    ids: IDS,
    hidden: &[],
};

/// What an audit found.
pub(super) static FINDING: View = View {
    columns: &[
        text("SEVERITY", "severity"),
        text("RULE", "rule"),
        text("FINDING", "says"),
        text("WHAT TO DO", "mend"),
        text("FINGERPRINT", "fingerprint"),
    ],
    ids: &["fingerprint"],
    hidden: &[],
};

/// What differs between two exports.
pub(super) static CHANGE: View = View {
    columns: &[
        text("CHANGE", "change"),
        text("ORGANIZATION", "organization"),
        text("WHO", "who"),
        text("BEFORE", "before"),
        text("AFTER", "after"),
        text("ORGANIZATION ID", "organization_id"),
        text("USER ID", "user_id"),
    ],
    ids: IDS,
    hidden: &[],
};

/// A rule of an audit.
pub(super) static RULE: View = View {
    columns: &[
        text("ID", "id"),
        text("SEVERITY", "severity"),
        text("TITLE", "title"),
        text("FILE", "file"),
    ],
    ids: IDS,
    hidden: &[],
};

/// A column of a table of an export.
pub(super) static TABLE_COLUMN: View = View {
    columns: &[
        text("TABLE", "table"),
        text("COLUMN", "column"),
        text("TYPE", "type"),
        text("MEANING", "doc"),
    ],
    ids: &["column"],
    hidden: &[],
};

pub(super) static USER: View = View {
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
    hidden: &[],
};

pub(super) static ORGANIZATION: View = View {
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
    hidden: &[],
};

/// A member of an organization. Its own id fits in no path (spec: every membership path takes the user's id).
pub(super) static MEMBER: View = View {
    columns: &[
        text("USER", "public_user_data.user_id"),
        text("IDENTIFIER", "public_user_data.identifier"),
        text("FIRST", "public_user_data.first_name"),
        text("LAST", "public_user_data.last_name"),
        text("ROLE", "role"),
        named("ORGANIZATION", "organization.id", "organization.slug"),
        instant("SINCE", "created_at"),
    ],
    ids: &["public_user_data.user_id", "id"],
    hidden: &[],
};

/// The same object seen from the user.
pub(super) static MEMBERSHIP: View = View {
    columns: &[
        text("ORGANIZATION", "organization.id"),
        text("NAME", "organization.name"),
        text("SLUG", "organization.slug"),
        text("ROLE", "role"),
        instant("SINCE", "created_at"),
    ],
    ids: &["organization.id", "id"],
    hidden: &[],
};

pub(super) static ORGANIZATION_INVITATION: View = View {
    columns: &[
        text("ID", "id"),
        text("EMAIL", "email_address"),
        text("ROLE", "role"),
        text("STATUS", "status"),
        named(
            "ORGANIZATION",
            "organization_id",
            "public_organization_data.slug",
        ),
        named("INVITER", "inviter_id", "public_inviter_data.identifier"),
        instant("CREATED", "created_at"),
        instant("EXPIRES", "expires_at"),
    ],
    ids: IDS,
    hidden: BEARER,
};

pub(super) static INVITATION: View = View {
    columns: &[
        text("ID", "id"),
        text("EMAIL", "email_address"),
        text("STATUS", "status"),
        instant("CREATED", "created_at"),
        instant("EXPIRES", "expires_at"),
    ],
    ids: IDS,
    hidden: BEARER,
};

pub(super) static EMAIL_ADDRESS: View = View {
    columns: &[
        text("ID", "id"),
        text("EMAIL", "email_address"),
        text("VERIFICATION", "verification.status"),
        text("STRATEGY", "verification.strategy"),
        text("RESERVED", "reserved"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
    hidden: &[],
};

pub(super) static PHONE_NUMBER: View = View {
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
    hidden: &[],
};

/// A code that was sent. The next command takes its id and the id of the address or number.
pub(super) static VERIFICATION: View = View {
    columns: &[
        text("ID", "id"),
        text("STATUS", "status"),
        text("STRATEGY", "strategy"),
        count("ATTEMPTS", "attempts"),
    ],
    ids: IDS,
    hidden: &[],
};

pub(super) static SESSION: View = View {
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
    hidden: &[],
};

pub(super) static ROLE: View = View {
    columns: &[
        text("ID", "id"),
        text("KEY", "key"),
        text("NAME", "name"),
        text("CREATOR", "is_creator_eligible"),
        text("DESCRIPTION", "description"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
    hidden: &[],
};

pub(super) static PERMISSION: View = View {
    columns: &[
        text("ID", "id"),
        text("KEY", "key"),
        text("NAME", "name"),
        text("TYPE", "type"),
        text("DESCRIPTION", "description"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
    hidden: &[],
};

pub(super) static ROLE_SET: View = View {
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
    hidden: &[],
};

pub(super) static DOMAIN: View = View {
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
    hidden: &[],
};

/// A new sign-in token or actor token. Its token and link are the result of the command, so JSON shows them.
pub(super) static NEW_ACCESS_TOKEN: View = View {
    columns: ACCESS_TOKEN.columns,
    ids: ACCESS_TOKEN.ids,
    hidden: &[],
};

/// A sign-in token or an actor token.
pub(super) static ACCESS_TOKEN: View = View {
    columns: &[
        text("ID", "id"),
        text("USER", "user_id"),
        text("STATUS", "status"),
        instant("CREATED", "created_at"),
    ],
    ids: &["id"],
    hidden: BEARER,
};

pub(super) static JWT_TEMPLATE: View = View {
    columns: &[
        text("ID", "id"),
        text("NAME", "name"),
        count("LIFETIME", "lifetime"),
        count("SKEW", "allowed_clock_skew"),
        text("ALGORITHM", "signing_algorithm"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
    hidden: &[],
};

pub(super) static REDIRECT_URL: View = View {
    columns: &[
        text("ID", "id"),
        text("URL", "url"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
    hidden: &[],
};

pub(super) static DELETED: View = View {
    columns: &[
        text("ID", "id"),
        text("OBJECT", "object"),
        text("DELETED", "deleted"),
    ],
    ids: IDS,
    hidden: &[],
};

pub(super) static DEVICE: View = View {
    columns: &[
        text("ID", "id"),
        text("NAME", "name"),
        text("PLATFORM", "platform"),
        text("STATUS", "status"),
        instant("CREATED", "created_at"),
        instant("LAST USED", "last_used_at"),
    ],
    ids: IDS,
    hidden: &[],
};

pub(super) static COUNT: View = View {
    columns: &[count("TOTAL", "total_count")],
    ids: IDS,
    hidden: &[],
};

pub(super) static WAITLIST_ENTRY: View = View {
    columns: &[
        text("ID", "id"),
        text("EMAIL", "email_address"),
        text("STATUS", "status"),
        text("INVITATION", "invitation.id"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
    hidden: &["invitation.url", "invitation.token"],
};

pub(super) static LISTED_IDENTIFIER: View = View {
    columns: &[
        text("ID", "id"),
        text("IDENTIFIER", "identifier"),
        text("TYPE", "identifier_type"),
        instant("CREATED", "created_at"),
    ],
    ids: IDS,
    hidden: &[],
};

pub(super) static RESTRICTIONS: View = View {
    columns: &[
        text("ALLOWLIST", "allowlist"),
        text("BLOCKLIST", "blocklist"),
        text("SUBADDRESSES BLOCKED", "block_email_subaddresses"),
        text("DISPOSABLE BLOCKED", "block_disposable_email_domains"),
    ],
    ids: IDS,
    hidden: &[],
};
