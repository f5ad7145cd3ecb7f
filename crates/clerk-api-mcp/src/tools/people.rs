//! Who would get a message, and how an object is called by people.

use clerk_api::declare::{Meta, Resource};
use clerk_api::form::is_email;
use clerk_api::{Args, Client};
use clerk_api_admin::call::Call;
use clerk_api_admin::find;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::object_of;
use clerk_api_admin::text::sanitize;
use serde_json::Value;

use crate::settings::Settings;

/// The longest name that somebody has to type.
const LONGEST: usize = 80;
/// What arguments are called that say where a link leads.
const REDIRECT: &str = "redirect_url";

/// What people call the object that a call is about, so that a person can type it: an address, a slug, a name, else the id.
pub(super) async fn called(client: &Client, meta: &Meta, args: &Args) -> String {
    let Some(id) = object_of(meta).and_then(|field| args.text(field.name)) else {
        return meta.resource().noun.to_owned();
    };
    let Ok(object) = find::one(client, &id).await else {
        return id;
    };
    name(&object).unwrap_or(id)
}

fn name(object: &Value) -> Option<String> {
    let primary = object["primary_email_address_id"].as_str();
    let mut addresses = object["email_addresses"].as_array().into_iter().flatten();
    let primary = addresses.find(|address| address["id"].as_str() == primary);
    let primary = primary.map(|address| &address["email_address"]);
    let names = ["email_address", "phone_number", "slug", "name", "username"];
    let mut names = primary
        .into_iter()
        .chain(names.iter().map(|name| &object[*name]));
    let name = names.find_map(|name| name.as_str().filter(|name| !name.is_empty()))?;
    // What cannot be typed as it is shown is no name here.
    let is_plain = name.len() <= LONGEST && sanitize::replaced(name) == name && name.trim() == name;
    is_plain.then(|| name.to_owned())
}

/// The addresses in the arguments of a call, without repeats.
pub(super) fn addresses(call: &Call) -> Vec<String> {
    let mut found = Vec::new();
    for (_, value) in call.args.iter() {
        if let Ok(value) = serde_json::from_str(value.get()) {
            gather(&value, &mut found);
        }
    }
    found
}

fn gather(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if is_email(text) && !found.contains(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Value::Object(members) => members.values().for_each(|value| gather(value, found)),
        _ => {}
    }
}

/// Refuses recipients outside of the domains that were allowed, and calls that do not say who gets the message.
pub(super) fn check_domains(settings: &Settings, recipients: &[String]) -> Outcome<()> {
    if recipients.is_empty() {
        return Err(refuse(
            "nothing was sent: the call does not name the address that would get the message"
                .to_owned(),
        ));
    }
    for address in recipients {
        let domain = address.rsplit('@').next().unwrap_or_default();
        let is_allowed = |allowed: &String| allowed.eq_ignore_ascii_case(domain);
        if !settings.domains.iter().any(is_allowed) {
            return Err(refuse(format!(
                "nothing was sent: {address} is in none of the domains that messages may go to"
            ))
            .hint("a person starts the server with --allow-domain DOMAIN"));
        }
    }
    Ok(())
}

/// Refuses links that lead elsewhere than was allowed (reliability.md 10.4).
pub(super) fn check_redirects(settings: &Settings, call: &Call) -> Outcome<()> {
    let mut links = Vec::new();
    let is_one = call.meta.resource() == Resource::REDIRECT_URL;
    for (name, value) in call.args.iter() {
        let name = if is_one && name == "url" {
            REDIRECT
        } else {
            name
        };
        if let Ok(value) = serde_json::from_str(value.get()) {
            redirects(name, &value, &mut links);
        }
    }
    for link in links {
        if !settings
            .redirects
            .iter()
            .any(|allowed| leads_to(&link, allowed))
        {
            return Err(refuse(format!(
                "nothing was sent: {link} is none of the URLs that links may lead to"
            ))
            .hint("a person starts the server with --allow-redirect URL"));
        }
    }
    Ok(())
}

fn redirects(name: &str, value: &Value, links: &mut Vec<String>) {
    match value {
        Value::String(text) if name == REDIRECT => links.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| redirects(name, item, links)),
        Value::Object(members) => {
            for (name, value) in members {
                redirects(name, value, links);
            }
        }
        _ => {}
    }
}

/// Whether a link is an allowed URL, or one below it.
fn leads_to(link: &str, allowed: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '@');
    let climbs = link.contains("/.") || link.to_ascii_lowercase().contains("%2e");
    let Some(rest) = link.strip_prefix(allowed) else {
        return false;
    };
    let is_below = rest.is_empty() || allowed.ends_with('/') || rest.starts_with(['/', '?', '#']);
    is_below && link.chars().all(is_plain) && !climbs
}

fn refuse(message: String) -> Box<Problem> {
    Problem::new(ProblemKind::Refused, "not_allowed", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_10_4_links_lead_where_it_was_allowed_and_nowhere_else() {
        let allowed = "https://app.acme.com/welcome";
        for good in [
            "https://app.acme.com/welcome",
            "https://app.acme.com/welcome/x",
            "https://app.acme.com/welcome?x=1",
        ] {
            assert!(leads_to(good, allowed), "{good}");
        }
        assert!(leads_to("https://acme.com/x", "https://acme.com/"));
        for bad in [
            "https://app.acme.com/welcomed",
            "https://app.acme.com/welcome/../evil",
            "https://app.acme.com/welcome/%2E%2e/evil",
            "https://app.acme.com/welcome/@evil.com",
            "http://app.acme.com/welcome",
        ] {
            assert!(!leads_to(bad, allowed), "{bad}");
        }
        for bad in [
            "https://acme.com.evil.com",
            "https://acme.com@evil.com",
            "https://acme.com\\evil.com",
        ] {
            assert!(!leads_to(bad, "https://acme.com"), "{bad}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_typed_is_none() {
        let named = |name: &str| super::name(&serde_json::json!({"name": name}));
        assert_eq!(named("Acme").as_deref(), Some("Acme"));
        assert_eq!(named("Ac\u{200b}me"), None);
        assert_eq!(named(" Acme"), None);
        assert_eq!(named(&"x".repeat(81)), None);
    }
}
