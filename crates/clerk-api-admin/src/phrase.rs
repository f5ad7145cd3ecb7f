//! What a call does, in words, made from its name: `delete user user_2x`, `list invitations (organization org_2x)`.

use std::time::Duration;

use clerk_api::declare::{Effect, Meta, Resource};

use crate::target::field_of;

/// The words for one call, with its target if it has one.
pub fn one(meta: &Meta, target: Option<&str>) -> String {
    let (verb, rest) = parts(meta);
    let resource = meta.resource();
    let words = match (rest.is_empty(), verb) {
        (true, "list" | "count") => format!("{verb} {}", resource.plural),
        (true, _) => format!("{verb} {}", resource.noun),
        (false, _) => format!("{verb} {rest}"),
    };
    match (target, owner(meta)) {
        (None, _) => words,
        (Some(target), None) if rest.is_empty() => format!("{words} {target}"),
        (Some(target), owner) => {
            format!("{words} ({} {target})", owner.unwrap_or(resource.noun))
        }
    }
}

/// A time as people say it: `45 s`, `12 min`, `5 h 37 min`, `3 d 4 h`.
#[must_use]
pub fn duration(time: Duration) -> String {
    let seconds = time.as_millis().div_ceil(1000);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes} min"),
        3600..86_400 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// The words for a call on many targets.
pub fn many(meta: &Meta, count: usize) -> String {
    let (verb, rest) = parts(meta);
    let resource = meta.resource();
    // Those who are counted are the members, of however few organizations.
    let members = if count == 1 { "member" } else { "members" };
    if rest == "member" {
        return format!("{verb} {count} {members}");
    }
    if let Some(what) = rest.strip_prefix("member ") {
        return format!("{verb} {what} of {count} {members}");
    }
    let targets = match owner(meta) {
        Some(owner) if count == 1 => owner.to_owned(),
        Some(owner) => format!("{owner}s"),
        None => counted(resource, count).to_owned(),
    };
    if rest.is_empty() {
        return format!("{verb} {count} {targets}");
    }
    format!("{verb} {rest} of {count} {targets}")
}

/// The words for one call that touches many objects at once, such as ten invitations.
pub fn bulk(meta: &Meta, count: usize) -> String {
    let verb = match meta.effect {
        Effect::Mail => "send",
        Effect::Create => "create",
        _ => "change",
    };
    format!("{verb} {count} {}", counted(meta.resource(), count))
}

const fn counted(resource: &Resource, count: usize) -> &'static str {
    if count == 1 {
        resource.noun
    } else {
        resource.plural
    }
}

fn parts(meta: &Meta) -> (&'static str, String) {
    let action = meta.action();
    let reads_only = meta.effect == Effect::Read;
    match action.split_once('_') {
        // `members`, `billing_credits`: a name without a verb is something that is shown.
        _ if reads_only
            && !matches!(action, "list" | "get" | "count")
            && !action.starts_with("list_") =>
        {
            let what = action.strip_prefix("get_").unwrap_or(action);
            ("show", what.replace('_', " "))
        }
        None => (if action == "get" { "show" } else { action }, String::new()),
        Some((verb, rest)) => (verb, rest.replace('_', " ")),
    }
}

/// The noun of the user or organization that a call names, if its group is about something else.
fn owner(meta: &Meta) -> Option<&'static str> {
    let resource = field_of(meta)?.resource()?;
    let owns = matches!(resource, Resource::USER | Resource::ORGANIZATION);
    (owns && resource != meta.resource()).then_some(resource.noun)
}

#[cfg(test)]
mod tests {
    use clerk_api::ops::find;

    use super::*;

    #[test]
    fn times_are_said_in_two_units_at_most() {
        let said = [0, 45, 60, 754, 3600, 20_220, 273_600]
            .map(|seconds| duration(Duration::from_secs(seconds)));
        assert_eq!(
            said.join(", "),
            "0 s, 45 s, 1 min, 12 min, 1 h 0 min, 5 h 37 min, 3 d 4 h"
        );
    }

    #[test]
    fn calls_have_words() {
        let say = |id: &str, target: Option<&str>| one(find(id).unwrap().meta, target);
        let lines = [
            say("users.list", None),
            say("users.count", None),
            say("users.get", Some("user_1")),
            say("users.update", Some("user_1")),
            say("users.update_metadata", Some("user_1")),
            say("users.memberships", Some("user_1")),
            say("organizations.create", None),
            say("organizations.add_member", Some("org_1")),
            say("invitations.list", Some("org_1")),
            say("invitations.create", Some("org_1")),
            say("application_invitations.revoke", Some("inv_1")),
            many(find("users.delete").unwrap().meta, 3),
            many(find("users.update_metadata").unwrap().meta, 1),
            many(find("users.memberships").unwrap().meta, 3),
            many(find("organizations.members").unwrap().meta, 2),
            many(find("organizations.remove_member").unwrap().meta, 3),
            many(find("organizations.add_member").unwrap().meta, 1),
            many(
                find("organizations.update_member_metadata").unwrap().meta,
                2,
            ),
            bulk(find("invitations.bulk_create").unwrap().meta, 12),
        ];
        insta::assert_snapshot!(lines.join("\n"), @r"
        list users
        count users
        show user user_1
        update user user_1
        update metadata (user user_1)
        show memberships (user user_1)
        create organization
        add member (organization org_1)
        list invitations (organization org_1)
        create invitation (organization org_1)
        revoke application invitation inv_1
        delete 3 users
        update metadata of 1 user
        show memberships of 3 users
        show members of 2 organizations
        remove 3 members
        add 1 member
        update metadata of 2 members
        send 12 invitations
        ");
    }

    #[test]
    fn every_call_has_words_that_are_english() {
        for op in clerk_api::ops::all() {
            let meta = op.meta;
            let target = field_of(meta).map(|_| "x_1");
            let texts = [
                one(meta, None),
                one(meta, target),
                many(meta, 1),
                many(meta, 2),
            ];
            let odd = [
                "addresse ",
                "addresse\n",
                "addresss",
                " waitlist x",
                " allowlist x",
            ];
            for text in texts {
                assert!(
                    !odd.iter().any(|odd| format!("{text}\n").contains(odd)),
                    "{}: {text}",
                    meta.name
                );
            }
        }
        let say = |name: &str| one(find(name).unwrap().meta, Some("x_1"));
        assert_eq!(say("email_addresses.get"), "show email address x_1");
        assert_eq!(say("blocklist.remove"), "remove listed identifier x_1");
        assert_eq!(
            many(find("email_addresses.delete").unwrap().meta, 2),
            "delete 2 email addresses"
        );
    }
}
