//! What a call does, in words, made from its name: `delete user user_2x`, `list invitations (organization org_2x)`.

use clerk_api::declare::{Effect, Kind, Meta};

use crate::target::field_of;

/// The words for one call, with its target if it has one.
pub fn one(meta: &Meta, target: Option<&str>) -> String {
    let (verb, rest) = parts(meta);
    let plural = rest.is_empty() && matches!(verb, "list" | "count");
    let noun = noun(meta);
    let mut words = if rest.is_empty() {
        format!("{verb} {noun}{}", if plural { "s" } else { "" })
    } else {
        format!("{verb} {rest}")
    };
    if let Some(target) = target {
        let what = what(meta).unwrap_or(&noun);
        if rest.is_empty() && what == noun {
            words = format!("{words} {target}");
        } else {
            words = format!("{words} ({what} {target})");
        }
    }
    words
}

/// The words for a call on many targets.
pub fn many(meta: &Meta, count: usize) -> String {
    let (verb, rest) = parts(meta);
    let noun = what(meta).map_or_else(|| noun(meta), str::to_owned);
    let s = if count == 1 { "" } else { "s" };
    if rest.is_empty() {
        return format!("{verb} {count} {noun}{s}");
    }
    format!("{verb} {rest} of {count} {noun}{s}")
}

/// The words for one call that touches many objects at once, such as ten invitations.
pub fn bulk(meta: &Meta, count: usize) -> String {
    let verb = match meta.effect {
        Effect::Mail => "send",
        Effect::Create => "create",
        _ => "change",
    };
    let s = if count == 1 { "" } else { "s" };
    format!("{verb} {count} {}{s}", noun(meta))
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
            ("show", action.replace('_', " "))
        }
        None => (if action == "get" { "show" } else { action }, String::new()),
        Some((verb, rest)) => (verb, rest.replace('_', " ")),
    }
}

/// What the positional names, such as "user".
fn what(meta: &Meta) -> Option<&'static str> {
    match field_of(meta)?.kind {
        Kind::Id { what, .. } => Some(what),
        _ => None,
    }
}

/// The group's name for one of its objects.
fn noun(meta: &Meta) -> String {
    let group = meta.group().replace('_', " ");
    group.strip_suffix('s').map_or(group.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use clerk_api::ops::find;

    use super::*;

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
        revoke application invitation (invitation inv_1)
        delete 3 users
        update metadata of 1 user
        send 12 invitations
        ");
    }
}
