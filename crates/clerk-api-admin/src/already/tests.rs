//! What differs, and what is changed for it.

use super::*;
use crate::call::operation;

fn call(name: &str, args: &str) -> Call {
    let mut call = Call::new(operation(name).unwrap());
    call.args = serde_json::from_str(args).unwrap();
    call
}

fn there(text: &str) -> Existing {
    Existing {
        text: text.to_owned(),
        value: serde_json::from_str(text).unwrap(),
    }
}

#[test]
fn which_commands_know_what_is_so_already() {
    let all = || ops::all().map(|op| op.meta);
    let made: Vec<String> = all()
        .filter(|meta| makes(meta))
        .map(|meta| {
            let keys: Vec<&str> = keys(meta).iter().map(|field| field.name).collect();
            let updates: Vec<&str> = updates(meta).iter().map(|meta| meta.action()).collect();
            format!(
                "{} by {} | {}",
                meta.name,
                keys.join(", "),
                updates.join(", ")
            )
            .trim_end()
            .to_owned()
        })
        .collect();
    insta::assert_snapshot!(made.join("\n"), @r"
    users.create by external_id, email_address, phone_number, username | update, update_metadata
    email_addresses.create by email_address | update
    phone_numbers.create by phone_number | update
    organizations.create by slug | update, update_metadata
    organizations.add_member by user_id | update_member, update_member_metadata
    invitations.create by email_address |
    application_invitations.create by email_address |
    roles.create by key | update
    permissions.create by key | update
    role_sets.create by key | update
    domains.create by name | update
    waitlist.add by email_address |
    allowlist.add by identifier |
    blocklist.add by identifier |
    ");
    let removed: Vec<String> = all()
        .filter(|meta| removes(meta))
        .map(|meta| match owner(meta) {
            Some(owner) => format!("{} of {owner}", meta.name),
            None => meta.name.to_owned(),
        })
        .collect();
    insta::assert_snapshot!(removed.join("\n"), @r"
    users.delete
    users.delete_profile_image of /users/{user_id}
    users.disable_mfa of /users/{user_id}
    users.delete_backup_codes of /users/{user_id}
    users.delete_totp of /users/{user_id}
    users.delete_passkey of /users/{user_id}
    users.delete_web3_wallet of /users/{user_id}
    users.delete_external_account of /users/{user_id}
    users.revoke_trusted_device of /users/{user_id}
    email_addresses.delete
    phone_numbers.delete
    organizations.delete
    organizations.delete_logo of /organizations/{organization_id}
    organizations.remove_member of /organizations/{organization_id}
    invitations.revoke of /organizations/{organization_id}
    application_invitations.revoke
    roles.delete
    roles.remove_permission of /organization_roles/{organization_role_id}
    permissions.delete
    domains.delete of /organizations/{organization_id}
    waitlist.delete
    allowlist.remove
    blocklist.remove
    sessions.revoke
    jwt_templates.delete
    sign_in_tokens.revoke
    actor_tokens.revoke
    redirect_urls.delete
    ");
}

#[test]
fn only_what_the_object_shows_can_differ() {
    let ada = there(
        r#"{"id":"user_1","first_name":"Ada","external_id":null,"username":"ada","password_enabled":true,"created_at":1767225600000,
        "email_addresses":[{"email_address":"ada@example.com"}],"public_metadata":{"plan":"pro","seats":3}}"#,
    );
    let differing = |args: &str| {
        let differing = ada.differing(&call("users.create", args));
        differing
            .iter()
            .map(|field| field.name)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let same = r#"{"email_address":["ADA@example.com"],"first_name":"Ada","public_metadata":{"plan":"pro"},"password":"CANARY-9",
        "skip_password_checks":true,"created_at":"2026-01-01T00:00:00Z"}"#;
    assert_eq!(differing(same), "");
    assert_eq!(
        differing(
            r#"{"email_address":["ada@example.com"],"first_name":"Eva","public_metadata":{"plan":"free"}}"#
        ),
        "first_name public_metadata"
    );
    assert_eq!(
        differing(r#"{"external_id":"e1","username":"eva"}"#),
        "external_id username"
    );
    assert_eq!(
        differing(r#"{"created_at":"2026-01-02T00:00:00Z"}"#),
        "created_at"
    );
}

#[test]
fn what_differs_is_changed_and_keys_stay() {
    let changes = |name: &str, args: &str, object: &str| {
        let changes = there(object).changes(&call(name, args)).unwrap();
        let calls: Vec<String> = changes
            .calls
            .iter()
            .map(|call| {
                format!(
                    "{} {}",
                    call.meta.name,
                    serde_json::to_string(&call.args).unwrap()
                )
            })
            .collect();
        format!(
            "{} | {} | {}",
            calls.join(" "),
            changes.changed.join(" "),
            changes.fixed.join(" ")
        )
        .trim_end()
        .to_owned()
    };
    assert_eq!(
        changes(
            "users.create",
            r#"{"email_address":["a@x.co"],"username":"eva","last_name":"B","private_metadata":{"a":1}}"#,
            r#"{"id":"user_1","username":"ada","last_name":null,"private_metadata":{},"email_addresses":[{"email_address":"a@x.co"}]}"#
        ),
        r#"users.update {"last_name":"B","user_id":"user_1"} users.update_metadata {"private_metadata":{"a":1},"user_id":"user_1"} | last_name private_metadata | username"#
    );
    assert_eq!(
        changes(
            "organizations.add_member",
            r#"{"organization_id":"org_1","user_id":"user_1","role":"org:admin"}"#,
            r#"{"id":"orgmem_1","role":"org:member","public_user_data":{"user_id":"user_1"}}"#
        ),
        r#"organizations.update_member {"organization_id":"org_1","role":"org:admin","user_id":"user_1"} | role |"#
    );
}
