//! One example for each everyday command. Each is shown in that command's help and run by a test.

/// Stand-ins in the examples; the test that runs them puts real ids in.
pub(crate) const USER: &str = "user_2NNEqL2nrIRdJ194ndJqAHwEfxC";
pub(crate) const ORGANIZATION: &str = "org_2abcDEF9ghiJKL0mnoPQR3stuVW";
pub(crate) const INVITATION: &str = "orginv_2xyzABC1defGHI4jklMNO7pqrST";

/// Operation and what follows `clerk-api`, in the order in which they can be run.
pub(crate) const TABLE: &[(&str, &str)] = &[
    (
        "users.create",
        "users create --email ada@example.com --first-name Ada --skip-password-requirement",
    ),
    (
        "users.list",
        "users list --query ada --limit 20 --order-by -created_at",
    ),
    ("users.list", "users list --all --output csv"),
    ("users.get", "users get ada@example.com"),
    ("users.get", "users get {USER}"),
    ("users.count", "users count --query ada"),
    (
        "users.update",
        "users update {USER} --first-name Ada --last-name Lovelace",
    ),
    (
        "users.update_metadata",
        "users update-metadata {USER} --public '{\"plan\":\"pro\"}'",
    ),
    ("users.memberships", "users memberships {USER}"),
    ("users.ban", "users ban {USER}"),
    ("users.unban", "users unban {USER}"),
    (
        "organizations.create",
        "organizations create --name \"Engineering Team\" --slug engineering --created-by {USER}",
    ),
    (
        "organizations.list",
        "organizations list --query engineering",
    ),
    ("organizations.get", "organizations get engineering"),
    (
        "organizations.update",
        "organizations update {ORGANIZATION} --name \"Platform Team\"",
    ),
    (
        "organizations.update_metadata",
        "organizations update-metadata {ORGANIZATION} --private '{\"billing\":\"annual\"}'",
    ),
    (
        "organizations.members",
        "organizations members {ORGANIZATION} --output table",
    ),
    (
        "organizations.add_member",
        "organizations add-member {ORGANIZATION} --user-id grace@example.com --role org:member",
    ),
    (
        "organizations.update_member",
        "organizations update-member {ORGANIZATION} --user-id grace@example.com --role org:admin",
    ),
    (
        "organizations.remove_member",
        "organizations remove-member {ORGANIZATION} --user-id grace@example.com --yes",
    ),
    ("memberships.list", "memberships list --all --output ndjson"),
    (
        "invitations.create",
        "invitations create {ORGANIZATION} --email new@example.com --role org:member",
    ),
    (
        "invitations.list",
        "invitations list {ORGANIZATION} --status pending",
    ),
    (
        "invitations.get",
        "invitations get {ORGANIZATION} --invitation-id {INVITATION}",
    ),
    (
        "invitations.revoke",
        "invitations revoke {ORGANIZATION} --invitation-id {INVITATION}",
    ),
    (
        "application_invitations.create",
        "application-invitations create --email beta@example.com",
    ),
    (
        "application_invitations.list",
        "application-invitations list --status pending",
    ),
    (
        "email_addresses.create",
        "email-addresses create --user-id {USER} --email ada.work@example.com --verified",
    ),
    (
        "phone_numbers.create",
        "phone-numbers create --user-id {USER} --phone +15555550100 --verified",
    ),
    (
        "users.replace_email_address",
        "users replace-email-address {USER} --email ada@example.org",
    ),
    ("sessions.create", "sessions create --user-id {USER}"),
    (
        "sessions.list",
        "sessions list --user-id {USER} --status active",
    ),
    ("jwks.get", "jwks get"),
    ("waitlist.add", "waitlist add --email curious@example.com"),
    ("waitlist.list", "waitlist list --status pending"),
    (
        "allowlist.add",
        "allowlist add --identifier '*@example.com'",
    ),
    (
        "instance.update_restrictions",
        "instance update-restrictions --blocklist --block-email-subaddresses",
    ),
    (
        "jwt_templates.create",
        "jwt-templates create --name shop --claims '{\"mail\":\"{{user.primary_email_address}}\"}' --lifetime 300",
    ),
    (
        "sign_in_tokens.create",
        "sign-in-tokens create --user-id {USER} --expires-in-seconds 600",
    ),
    (
        "redirect_urls.create",
        "redirect-urls create --url my-app://oauth-callback",
    ),
    (
        "roles.create",
        "roles create --name Editor --key org:editor --include-in-initial-role-set",
    ),
    ("roles.list", "roles list --query editor --output table"),
    (
        "permissions.create",
        "permissions create --name \"Publish posts\" --key org:posts:publish",
    ),
    ("role_sets.get", "role-sets get role_set:default"),
    (
        "domains.create",
        "domains create {ORGANIZATION} --name example.com --mode automatic_invitation",
    ),
    (
        "domains.list_all",
        "domains list-all --verified true --mode -enterprise_sso",
    ),
    (
        "organizations.delete",
        "organizations delete {ORGANIZATION}",
    ),
    ("users.delete", "users delete {USER}"),
];

/// An example with ids in it.
pub(crate) fn filled(example: &str, user: &str, organization: &str, invitation: &str) -> String {
    example
        .replace("{USER}", user)
        .replace("{ORGANIZATION}", organization)
        .replace("{INVITATION}", invitation)
}

/// The help's section for an operation; empty where there are none.
pub(crate) fn section(id: &str) -> String {
    let mut text = String::new();
    for (_, example) in TABLE.iter().filter(|(operation, _)| *operation == id) {
        let example = filled(example, USER, ORGANIZATION, INVITATION);
        text.push_str(if text.is_empty() { "Examples:" } else { "" });
        text.push_str("\n  clerk-api ");
        text.push_str(&example);
    }
    text
}
