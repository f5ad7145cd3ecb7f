//! Tests of all declarations.

use std::collections::BTreeSet;

use serde_json::json;

use super::{all, find};
use crate::args::Args;
use crate::declare::{Class, Effect, Endpoint, Field, Kind, Meta, Place, Verb};

mod facts;

/// The operations whose repetition gives the same end state, by effect (reliability.md section 1).
const UPDATES: &str = "users: update update_metadata set_profile_image ban unban bulk_ban bulk_unban lock unlock \
    set_password_compromised unset_password_compromised verify_password adjust_billing_credits
    organizations: update update_metadata set_logo update_member update_member_metadata adjust_billing_credits
    instance: update update_restrictions update_organization_settings update_protect update_oauth_settings
    waitlist: reject
    email_addresses: update
    phone_numbers: update
    invitations: revoke
    sessions: revoke
    sign_in_tokens: revoke
    actor_tokens: revoke
    jwt_templates: update
    application_invitations: revoke
    roles: update add_permission remove_permission
    permissions: update
    role_sets: update add_roles
    domains: update verify";
const REPLACES: &str = "users: replace_metadata replace_email_address replace_phone_number delete_profile_image remove_password disable_mfa delete_backup_codes delete_totp
    organizations: replace_metadata delete_logo
    role_sets: replace_role
    instance: update_communication";
const DESTROYS: &str =
    "users: delete delete_passkey delete_web3_wallet delete_external_account revoke_trusted_device
    waitlist: delete
    allowlist: remove
    blocklist: remove
    email_addresses: delete
    phone_numbers: delete
    jwt_templates: delete
    redirect_urls: delete
    organizations: delete remove_member
    roles: delete
    permissions: delete
    role_sets: replace
    domains: delete";
const CREATES: &str = "users: create
    allowlist: add
    blocklist: add
    email_addresses: create
    phone_numbers: create
    sessions: create token template_token
    sign_in_tokens: create
    actor_tokens: create
    testing_tokens: create
    jwt_templates: create
    redirect_urls: create
    organizations: create add_member
    roles: create
    permissions: create
    role_sets: create
    domains: create";
const MAILS: &str = "waitlist: add bulk_add invite
    email_addresses: prepare_verification
    phone_numbers: prepare_verification
    invitations: create bulk_create
    application_invitations: create bulk_create";
const ONCE: &str = "users: verify_totp
    sessions: refresh
    email_addresses: attempt_verification
    phone_numbers: attempt_verification";
const READS: &str = "users: list count get memberships invitations oauth_access_tokens trusted_devices billing_subscription billing_credits
    instance: get organization_settings protect communication oauth_settings
    waitlist: list
    allowlist: list
    blocklist: list
    email_addresses: get
    phone_numbers: get
    organizations: list get members billing_subscription billing_credits
    memberships: list
    sessions: list get
    jwks: get
    jwt_templates: list get
    redirect_urls: list get
    invitations: list get list_pending list_all
    application_invitations: list
    roles: list get
    permissions: list get
    role_sets: list get
    domains: list list_all";

/// The names in a table of the form above.
fn names(table: &str) -> impl Iterator<Item = String> {
    table.lines().flat_map(|line| {
        let (group, actions) = line.trim().split_once(':').unwrap();
        actions
            .split_whitespace()
            .map(move |action| format!("{group}.{action}"))
    })
}

fn meta(id: &str) -> &'static Meta {
    find(id).unwrap_or_else(|| panic!("{id} is declared")).meta
}

#[test]
fn reliability_1_every_operation_has_the_class_of_the_table() {
    let tables = [
        (READS, Effect::Read, Class::Read),
        (UPDATES, Effect::Update, Class::Idempotent),
        (REPLACES, Effect::Replace, Class::Idempotent),
        (DESTROYS, Effect::Destroy, Class::Idempotent),
        (CREATES, Effect::Create, Class::Unkeyed),
        (MAILS, Effect::Mail, Class::Unkeyed),
        (ONCE, Effect::Once, Class::Unkeyed),
    ];
    let mut named = BTreeSet::new();
    for (table, effect, class) in tables {
        for id in names(table) {
            assert_eq!(meta(&id).effect, effect, "{id}");
            assert_eq!(meta(&id).class(&Args::new()), class, "{id}");
            assert!(named.insert(id.clone()), "{id} is in one table");
        }
    }
    let declared: BTreeSet<String> = all().map(|op| op.meta.name.to_owned()).collect();
    assert_eq!(named, declared);
    for op in all() {
        assert_eq!(
            op.meta.effect == Effect::Read,
            op.meta.verb == Verb::Get,
            "{}: every GET is a read, and nothing else",
            op.meta.name
        );
    }
}

#[test]
fn reliability_1_a_create_is_guarded_exactly_by_what_the_server_keeps_unique() {
    let guards = [
        ("users.create", "external_id", Class::Keyed),
        ("users.create", "email_address", Class::Keyed),
        ("users.create", "phone_number", Class::Keyed),
        ("users.create", "username", Class::Keyed),
        ("users.create", "first_name", Class::Unkeyed),
        ("email_addresses.create", "email_address", Class::Keyed),
        ("email_addresses.create", "user_id", Class::Unkeyed),
        ("phone_numbers.create", "phone_number", Class::Keyed),
        ("allowlist.add", "identifier", Class::Keyed),
        ("blocklist.add", "identifier", Class::Keyed),
        ("waitlist.add", "email_address", Class::Unkeyed),
        ("organizations.create", "slug", Class::Keyed),
        ("organizations.create", "name", Class::Unkeyed),
        ("organizations.add_member", "user_id", Class::Keyed),
        ("roles.create", "key", Class::Keyed),
        ("permissions.create", "key", Class::Keyed),
        ("role_sets.create", "key", Class::Keyed),
        ("role_sets.create", "name", Class::Unkeyed),
        ("domains.create", "name", Class::Keyed),
        ("invitations.create", "email_address", Class::Unkeyed),
        (
            "application_invitations.create",
            "email_address",
            Class::Unkeyed,
        ),
    ];
    for (id, argument, class) in guards {
        let mut args = Args::new();
        args.set(argument, &"x").unwrap();
        assert_eq!(meta(id).class(&args), class, "{id} with {argument}");
    }
}

#[test]
fn reliability_2_3_lookups_name_real_fields_of_both_sides() {
    let mut seen = 0;
    for op in all() {
        let Some(lookup) = op.meta.lookup else {
            continue;
        };
        seen += 1;
        assert_eq!(lookup.list.effect, Effect::Read, "{}", op.meta.name);
        for (argument, parameter) in lookup.by {
            assert!(op.meta.field(argument).is_some(), "{argument}");
            if !parameter.is_empty() {
                let field = lookup.list.field(parameter).unwrap();
                assert_eq!(field.place, Place::Query, "{parameter}");
            }
        }
        for argument in lookup.unique.iter().chain(lookup.scope) {
            assert!(op.meta.field(argument).is_some(), "{argument}");
        }
        for scope in lookup.scope {
            assert!(lookup.list.field(scope).is_some(), "{scope}");
        }
        for (argument, _) in lookup.same {
            assert!(op.meta.field(argument).is_some(), "{argument}");
        }
    }
    assert!(seen > 4);
}

#[test]
fn names_and_specification_ids_are_unique() {
    let (mut ids, mut specs) = (BTreeSet::new(), BTreeSet::new());
    for op in all() {
        assert!(ids.insert(op.meta.name), "{}", op.meta.name);
        assert!(specs.insert(op.meta.spec_id), "{}", op.meta.spec_id);
        let mut words = BTreeSet::new();
        for field in op.meta.fields {
            assert!(words.insert(field.name), "{} {}", op.meta.name, field.name);
            if let Some(alias) = field.alias {
                assert!(words.insert(alias), "{} {alias}", op.meta.name);
            }
        }
    }
    assert!(ids.len() > 60);
}

#[test]
fn path_parameters_are_the_template_s_in_its_order() {
    for op in all() {
        let template: Vec<&str> = op
            .meta
            .path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let declared: Vec<&str> = (op.meta.fields.iter())
            .filter(|field| field.place == Place::Path)
            .map(|field| field.name)
            .collect();
        assert_eq!(template, declared, "{}", op.meta.name);
        for field in op.meta.fields.iter().filter(|f| f.place == Place::Path) {
            assert!(matches!(field.kind, Kind::Id { .. }), "{}", field.name);
            assert!(field.required, "{}", field.name);
        }
    }
}

#[test]
fn every_operation_and_field_has_a_short_help() {
    for op in all() {
        assert!(op.meta.doc.trim().len() > 10, "{}", op.meta.name);
        docs_are_short(op.meta.name, op.meta.fields);
    }
}

fn docs_are_short(id: &str, fields: &[Field]) {
    for field in fields {
        let line = field.doc.trim().lines().next().unwrap_or_default();
        let sentence = line.split_once(". ").map_or(line, |(first, _)| first);
        let sentence = sentence.trim_end_matches('.');
        let length = sentence.chars().count();
        assert!(
            (5..=60).contains(&length),
            "{id} {}: {sentence}",
            field.name
        );
        assert!(line.ends_with('.') || line.ends_with(','), "{id}: {line}");
        if let Kind::Records(fields) = field.kind {
            docs_are_short(id, fields);
        }
    }
}

#[test]
fn every_argument_word_of_the_contract_is_declared() {
    let contract = [
        ("users.list", "limit offset query"),
        ("users.get", ""),
        ("users.count", ""),
        ("users.update", "first_name last_name username"),
        ("users.update_metadata", "public private unsafe"),
        ("users.delete", ""),
        ("organizations.list", "limit offset query"),
        ("organizations.get", ""),
        ("organizations.create", "name slug created_by"),
        ("organizations.update", "name slug"),
        ("organizations.delete", ""),
        ("organizations.add_member", "user_id role"),
        ("organizations.update_member", "user_id role"),
        ("organizations.remove_member", "user_id"),
        ("invitations.list", ""),
        ("invitations.create", "email role"),
        ("invitations.revoke", "invitation_id"),
    ];
    for (id, arguments) in contract {
        for argument in arguments.split_whitespace() {
            assert!(meta(id).field(argument).is_some(), "{id} {argument}");
        }
    }
    for id in ["organizations.list", "organizations.get"] {
        assert_eq!(meta(id).preset, [("include_members_count", "true")]);
    }
}

#[test]
fn presets_are_json_for_fields_that_exist() {
    for op in all() {
        for (name, value) in op.meta.preset {
            assert!(op.meta.field(name).is_some(), "{} {name}", op.meta.name);
            assert!(serde_json::from_str::<serde_json::Value>(value).is_ok());
        }
    }
}

/// The JSON of a request's arguments.
fn args_json(args: &Args) -> serde_json::Value {
    args.iter()
        .map(|(name, value)| (name.to_owned(), serde_json::from_str(value.get()).unwrap()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn arguments_of_every_shape_become_json() {
    use crate::id::{OrganizationId, UserId};
    use crate::ops::{invitations, users};
    use crate::value::{Object, Order, Patch, Signed};
    let user: UserId = "user_1".parse().unwrap();
    let list = users::ListUsers::new()
        .email_address("a+b@example.com")
        .email_address("c@example.com")
        .user_id(Signed::Exclude(user.clone()))
        .external_id("-7")
        .banned(false)
        .order_by(Order::descending(users::UserOrder::Web3Wallet));
    assert_eq!(
        args_json(&list.args()),
        json!({"email_address": ["a+b@example.com", "c@example.com"], "user_id": ["-user_1"], "external_id": ["+-7"],
               "banned": false, "order_by": "-web3wallet"})
    );
    let update = users::UpdateUser::new(user.clone())
        .username(Patch::Clear)
        .first_name("Ann")
        .password("correct horse")
        .create_organizations_limit(3_u64);
    assert_eq!(
        args_json(&update.args()),
        json!({"user_id": "user_1", "username": null, "first_name": "Ann", "password": "correct horse", "create_organizations_limit": 3})
    );
    assert!(!format!("{update:?}").contains("horse"));
    let organization: OrganizationId = "org_1".parse().unwrap();
    let bulk = invitations::BulkCreateInvitations::new(
        organization,
        vec![
            invitations::NewInvitation::new("a@example.com", "org:member")
                .expires_in_days(7_u64)
                .public_metadata(Object::parse(r#"{"b":1,"a":2}"#).unwrap()),
            invitations::NewInvitation::new("b@example.com", "org:admin").notify(false),
        ],
    );
    let json = bulk.args().get("invitations").unwrap().get().to_owned();
    assert!(
        json.contains(r#""public_metadata":{"b":1,"a":2}"#),
        "{json}"
    );
    assert!(json.contains(r#""notify":false"#), "{json}");
}
