//! The facts that declarations carry for other programs: resources, rate limits, members of responses.

use std::collections::BTreeSet;

use super::{all, meta};
use crate::declare::{Form, Group, RateClass, Resource};

#[test]
fn every_operation_is_in_a_group_and_every_group_has_operations() {
    let of_operations: BTreeSet<&str> = all().map(|op| op.meta.group()).collect();
    let of_groups: BTreeSet<&str> = Group::ALL.iter().map(|group| group.name).collect();
    assert_eq!(of_operations, of_groups);
    let field = meta("users.get").field("user_id").unwrap();
    assert_eq!(field.resource(), Some(Resource::USER));
    assert_eq!(field.resource(), Some(meta("users.list").resource()));
}

#[test]
fn an_id_says_by_its_prefix_what_it_names() {
    let of = |id| Resource::of_id(id).map(|resource| resource.noun);
    assert_eq!(of("user_1"), Some("user"));
    assert_eq!(of("org_1"), Some("organization"));
    assert_eq!(of("orgmem_1"), Some("membership"));
    assert_eq!(of("orginv_1"), Some("invitation"));
    assert_eq!(of("inv_1"), Some("invitation"));
    assert_eq!(of("other_1"), None);
    let prefixes = Resource::ALL.iter().flat_map(|resource| resource.prefixes);
    for prefix in prefixes {
        let found = Resource::ALL.iter().filter(|resource| {
            let mut others = resource.prefixes.iter();
            others.any(|other| prefix.starts_with(other))
        });
        assert_eq!(found.count(), 1, "{prefix}");
    }
}

/// The published limits beside that of the instance.
#[test]
fn limits_stand_where_clerk_publishes_them() {
    let limits = [
        ("users.update", RateClass::Object),
        ("users.update_metadata", RateClass::Object),
        ("users.replace_metadata", RateClass::Object),
        ("organizations.update", RateClass::Object),
        ("organizations.update_metadata", RateClass::Object),
        ("organizations.replace_metadata", RateClass::Object),
        ("organizations.update_member", RateClass::Object),
        ("organizations.update_member_metadata", RateClass::Object),
        ("invitations.create", RateClass::OrganizationInvitations),
        (
            "invitations.bulk_create",
            RateClass::BulkOrganizationInvitations,
        ),
        ("application_invitations.create", RateClass::Invitations),
        (
            "application_invitations.bulk_create",
            RateClass::BulkInvitations,
        ),
        ("jwks.get", RateClass::Unlimited),
    ];
    for op in all() {
        let listed = limits.iter().find(|(name, _)| *name == op.meta.name);
        let expected = listed.map_or(RateClass::Instance, |(_, rate)| *rate);
        assert_eq!(op.meta.rate, expected, "{}", op.meta.name);
    }
    assert_eq!(RateClass::of_instance(true).requests, 1000);
    assert_eq!(RateClass::of_instance(false).requests, 100);
}

#[test]
fn reliability_7_6_answers_that_hold_secrets_are_known() {
    let secret: Vec<&str> = all()
        .filter(|op| op.meta.holds_secrets())
        .map(|op| op.meta.name)
        .collect();
    for name in [
        "invitations.create",
        "invitations.list",
        "application_invitations.list",
        "sign_in_tokens.create",
        "actor_tokens.create",
        "testing_tokens.create",
        "sessions.token",
        "users.oauth_access_tokens",
    ] {
        assert!(secret.contains(&name), "{name}");
    }
    for name in [
        "users.list",
        "organizations.get",
        "sessions.list",
        "jwks.get",
    ] {
        assert!(!secret.contains(&name), "{name}");
    }
    let names: Vec<&str> = (meta("sign_in_tokens.create").members.iter())
        .filter(|member| member.secret)
        .map(|member| member.name)
        .collect();
    assert_eq!(names, ["token", "url"]);
}

#[test]
fn answers_name_their_members() {
    for op in all() {
        let nothing = op.meta.form == Form::Nothing;
        assert_eq!(op.meta.members.is_empty(), nothing, "{}", op.meta.name);
    }
}
