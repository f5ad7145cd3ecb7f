//! Which limits a request falls under (published in Clerk's system limits; `GET /jwks` has none).

use http::Method;

use super::LimitProfile;

const SECONDS: i64 = 1_000;
const HOUR: i64 = 3_600 * SECONDS;

/// One limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) allowed: usize,
    pub(super) window_ms: i64,
}

const fn rule(name: &'static str, allowed: usize, window_ms: i64) -> Rule {
    Rule {
        name,
        allowed,
        window_ms,
    }
}

/// The whole instance; how many depends on the profile.
const INSTANCE: Rule = rule("instance", 100, 10 * SECONDS);
const USER: Rule = rule("user", 10, 10 * SECONDS);
const ORGANIZATION: Rule = rule("organization", 10, 10 * SECONDS);
const MEMBERSHIP: Rule = rule("membership", 10, 10 * SECONDS);
const INVITATIONS: Rule = rule("invitations", 100, HOUR);
const INVITATIONS_BULK: Rule = rule("invitations_bulk", 25, HOUR);
const ORGANIZATION_INVITATIONS: Rule = rule("organization_invitations", 250, HOUR);
const ORGANIZATION_INVITATIONS_BULK: Rule = rule("organization_invitations_bulk", 50, HOUR);

const ALL: [Rule; 8] = [
    INSTANCE,
    USER,
    ORGANIZATION,
    MEMBERSHIP,
    INVITATIONS,
    INVITATIONS_BULK,
    ORGANIZATION_INVITATIONS,
    ORGANIZATION_INVITATIONS_BULK,
];

fn in_profile(rule: Rule, profile: LimitProfile) -> Rule {
    if rule == INSTANCE && profile == LimitProfile::Production {
        return Rule {
            allowed: 1_000,
            ..rule
        };
    }
    rule
}

/// How many requests the limit of this name allows.
pub(super) fn allowed(profile: LimitProfile, name: &str) -> Option<usize> {
    let rule = ALL.into_iter().find(|rule| rule.name == name)?;
    Some(in_profile(rule, profile).allowed)
}

/// The limits of a request, each with the object whose limit it is.
pub(super) fn of(
    profile: LimitProfile,
    method: &Method,
    path: &str,
) -> impl Iterator<Item = (Rule, String)> {
    let path = path.strip_prefix("/v1/").unwrap_or(path);
    let segments: Vec<&str> = path.split('/').collect();
    let instance = (segments != ["jwks"]).then(|| (in_profile(INSTANCE, profile), String::new()));
    let own = if *method == Method::POST {
        of_creation(&segments)
    } else {
        of_change(method, &segments)
    };
    instance.into_iter().chain(own)
}

fn of_creation(segments: &[&str]) -> Option<(Rule, String)> {
    let rule = match segments {
        ["invitations"] => INVITATIONS,
        ["invitations", "bulk"] => INVITATIONS_BULK,
        ["organizations", _, "invitations"] => ORGANIZATION_INVITATIONS,
        ["organizations", _, "invitations", "bulk"] => ORGANIZATION_INVITATIONS_BULK,
        _ => return None,
    };
    Some((rule, String::new()))
}

fn of_change(method: &Method, segments: &[&str]) -> Option<(Rule, String)> {
    if *method != Method::PATCH && *method != Method::PUT {
        return None;
    }
    let patches = *method == Method::PATCH;
    match segments {
        ["users", user] if patches => Some((USER, (*user).to_owned())),
        ["users", user, "metadata"] => Some((USER, (*user).to_owned())),
        ["organizations", id] if patches => Some((ORGANIZATION, (*id).to_owned())),
        ["organizations", id, "metadata"] => Some((ORGANIZATION, (*id).to_owned())),
        ["organizations", id, "memberships", user]
        | ["organizations", id, "memberships", user, "metadata"] => {
            Some((MEMBERSHIP, format!("{id}/{user}")))
        }
        _ => None,
    }
}
