//! Which operation undoes which, and why some cannot be undone. All in one place.

/// How an operation is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inverse {
    /// By this operation on the same object, where the object was the other way before.
    Opposite(&'static str),
    /// By the same operation, with the former values of the fields that were sent.
    Fields,
    /// By the same operation, with the former value of each key that was sent.
    Merge,
    /// By the same operation, with the former metadata as a whole.
    Whole,
    /// By taking away what was made.
    Take(&'static str),
    /// By adding the member again.
    Join,
    /// By creating it anew, with a new id.
    Anew(&'static str),
}

use Inverse::{Anew, Fields, Join, Merge, Opposite, Take, Whole};

const GONE: &str = "the API cannot bring it back";
const UNSEEN: &str = "the API does not show what was there before";
const MAIL: &str = "a new mail would go out";
const HAPPENED: &str = "it is an event, not a state";
const BULK: &str = "what was there before is kept only where each row names one object";

/// How an operation is undone, or why it cannot be.
pub(super) fn inverse(op: &str) -> Result<Inverse, &'static str> {
    Ok(match op {
        "users.ban" => Opposite("users.unban"),
        "users.unban" => Opposite("users.ban"),
        "users.lock" => Opposite("users.unlock"),
        "users.unlock" => Opposite("users.lock"),
        "users.update" | "organizations.update" | "organizations.update_member" => Fields,
        "users.update_metadata"
        | "organizations.update_metadata"
        | "organizations.update_member_metadata" => Merge,
        "users.replace_metadata" | "organizations.replace_metadata" => Whole,
        "users.create" => Take("users.delete"),
        "users.delete" => Anew("users.create"),
        "organizations.create" => Take("organizations.delete"),
        "organizations.delete" => Anew("organizations.create"),
        "organizations.add_member" => Take("organizations.remove_member"),
        "organizations.remove_member" => Join,
        "invitations.create" => Take("invitations.revoke"),
        "application_invitations.create" => Take("application_invitations.revoke"),
        "email_addresses.create" => Take("email_addresses.delete"),
        "phone_numbers.create" => Take("phone_numbers.delete"),
        "allowlist.add" => Take("allowlist.remove"),
        "blocklist.add" => Take("blocklist.remove"),
        "domains.create" => Take("domains.delete"),
        "roles.create" => Take("roles.delete"),
        "permissions.create" => Take("permissions.delete"),
        "jwt_templates.create" => Take("jwt_templates.delete"),
        "redirect_urls.create" => Take("redirect_urls.delete"),
        "sessions.create" => Take("sessions.revoke"),
        "sign_in_tokens.create" => Take("sign_in_tokens.revoke"),
        "actor_tokens.create" => Take("actor_tokens.revoke"),
        other => return Err(reason(other)),
    })
}

fn reason(op: &str) -> &'static str {
    match op {
        "invitations.revoke" | "application_invitations.revoke" => MAIL,
        "users.bulk_ban"
        | "users.bulk_unban"
        | "invitations.bulk_create"
        | "application_invitations.bulk_create"
        | "waitlist.bulk_add" => BULK,
        "waitlist.add"
        | "waitlist.invite"
        | "email_addresses.prepare_verification"
        | "phone_numbers.prepare_verification" => "a mail or message went out",
        "users.verify_password"
        | "users.verify_totp"
        | "email_addresses.attempt_verification"
        | "phone_numbers.attempt_verification"
        | "sessions.refresh"
        | "sessions.token"
        | "sessions.template_token"
        | "testing_tokens.create"
        | "users.adjust_billing_credits"
        | "organizations.adjust_billing_credits" => HAPPENED,
        "users.delete_profile_image"
        | "organizations.delete_logo"
        | "users.remove_password"
        | "users.disable_mfa"
        | "users.delete_backup_codes"
        | "users.delete_totp"
        | "users.delete_passkey"
        | "users.delete_web3_wallet"
        | "users.delete_external_account"
        | "users.revoke_trusted_device"
        | "sessions.revoke"
        | "sign_in_tokens.revoke"
        | "actor_tokens.revoke"
        | "waitlist.delete"
        | "role_sets.create"
        | "role_sets.replace"
        | "role_sets.replace_role" => GONE,
        _ => UNSEEN,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use clerk_api::declare::Effect;
    use clerk_api::ops;

    use super::*;

    #[test]
    fn every_write_is_undone_by_another_or_says_why_not() {
        let mut table = String::new();
        for meta in ops::all().map(|op| op.meta) {
            if meta.effect == Effect::Read {
                continue;
            }
            let how = match inverse(meta.name) {
                Ok(Opposite(op)) => format!("by {op}, where it was the other way"),
                Ok(Take(op)) => format!("by {op}"),
                Ok(Anew(op)) => format!("by {op}, with a new id"),
                Ok(Join) => "by organizations.add_member, with the former role".to_owned(),
                Ok(Fields) => "with the former values".to_owned(),
                Ok(Merge) => "with the former value of each key".to_owned(),
                Ok(Whole) => "with the former metadata".to_owned(),
                Err(reason) => format!("not: {reason}"),
            };
            writeln!(table, "{}: {how}", meta.name).unwrap();
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn what_undoes_is_an_operation_and_is_undone_or_says_why_not() {
        for meta in ops::all().map(|op| op.meta) {
            if let Ok(Opposite(op) | Take(op) | Anew(op)) = inverse(meta.name) {
                assert!(ops::find(op).is_some(), "{op}");
            }
        }
    }
}
