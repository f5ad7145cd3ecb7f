//! The columns of each model.

use super::{View, called, count, instant, named, primary, text};

/// Where the id of a row usually is.
pub(super) const IDS: &[&str] = &["id", "user_id", "organization_id"];

/// Members whose values grant access (reliability.md 7.6).
const BEARER: &[&str] = &["url", "token"];

pub(super) static ANY: View = View {
    columns: &[],
    more: &[],
    ids: IDS,
    hidden: &[],
};

/// An object without a model: whatever could grant access.
pub(super) static UNTYPED: View = View {
    hidden: &["token", "secret", "client_secret", "ticket"],
    ..ANY
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
    more: &[
        called(
            "primary_email_address",
            primary(
                "EMAIL",
                "email_addresses",
                "primary_email_address_id",
                "email_address",
            ),
        ),
        called(
            "primary_phone_number",
            primary(
                "PHONE",
                "phone_numbers",
                "primary_phone_number_id",
                "phone_number",
            ),
        ),
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
    ids: IDS,
    hidden: &[],
};

/// A new sign-in token or actor token. Its token and link are the result of the command, so JSON shows them.
pub(super) static NEW_ACCESS_TOKEN: View = View {
    columns: ACCESS_TOKEN.columns,
    more: &[],
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
    more: &[],
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
    more: &[],
    ids: IDS,
    hidden: &[],
};

pub(super) static REDIRECT_URL: View = View {
    columns: &[
        text("ID", "id"),
        text("URL", "url"),
        instant("CREATED", "created_at"),
    ],
    more: &[],
    ids: IDS,
    hidden: &[],
};

pub(super) static DELETED: View = View {
    columns: &[
        text("ID", "id"),
        text("OBJECT", "object"),
        text("DELETED", "deleted"),
    ],
    more: &[],
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
    more: &[],
    ids: IDS,
    hidden: &[],
};

pub(super) static COUNT: View = View {
    columns: &[count("TOTAL", "total_count")],
    more: &[],
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
    more: &[],
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
    more: &[],
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
    more: &[],
    ids: IDS,
    hidden: &[],
};
