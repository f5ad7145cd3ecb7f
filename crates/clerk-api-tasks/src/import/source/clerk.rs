//! Clerk's own: the CSV of its dashboard, the only place with password digests, and user objects of the API, which have the rest.

use clerk_api_admin::problem::Outcome;

use super::super::person::Person;
use super::super::record::{Found, Record};
use super::{Aids, Reading};

pub(super) fn read(record: &Record<'_>, aids: &Aids<'_>) -> Outcome<Reading> {
    let mut person = Person::default();
    // An id that was given to the user before is the one that others know.
    person.text("external_id", record, &["external_id", "id"]);
    for name in ["first_name", "last_name", "username", "locale"] {
        person.text(name, record, &[name]);
    }
    emails(&mut person, record);
    phones(&mut person, record)?;
    if let Some(found) = record.get("web3_wallets") {
        let wallets = found.items();
        let wallets = wallets
            .iter()
            .filter_map(|wallet| wallet.member("web3_wallet"));
        let wallets: Vec<String> = wallets.map(|wallet| wallet.text).collect();
        if !wallets.is_empty() {
            person.set_all("web3_wallet", wallets, &found.column);
        }
    }
    for name in ["public_metadata", "private_metadata", "unsafe_metadata"] {
        if let Some(found) = record.get(name) {
            person.metadata(name, record, &found)?;
        }
    }
    person.date("created_at", record, &["created_at"])?;
    person.date("legal_accepted_at", record, &["legal_accepted_at"])?;
    if record.get("banned").is_some_and(|found| found.is_true()) {
        person.set("banned", "true".to_owned(), "banned");
    }
    for name in ["delete_self_enabled", "create_organization_enabled"] {
        // The rest is what a new user has.
        if record.get(name).is_some_and(|found| !found.is_true()) {
            person.set(name, "false".to_owned(), name);
        }
    }
    person.text(
        "create_organizations_limit",
        record,
        &["create_organizations_limit"],
    );
    secrets(&mut person, record);
    if let Some(passwords) = aids.passwords {
        let joined = match record.get("id") {
            Some(id) => passwords.with(&id.text, |other| secrets(&mut person, other))?,
            None => false,
        };
        if !joined {
            person.note("the file of --passwords has no row with this id; the user comes without a password");
        }
    }
    Ok(Reading::Person(person))
}

/// The primary address comes first, then those that are verified.
fn emails(person: &mut Person, record: &Record<'_>) {
    if let Some(list) = record
        .get("email_addresses")
        .map(|found| found.items())
        .filter(|list| !list.is_empty())
    {
        for (found, verified) in listed(
            &list,
            record.get("primary_email_address_id").as_ref(),
            "email_address",
        ) {
            person.email(&found, verified);
        }
        return;
    }
    let verified = bars(record.get("verified_email_addresses"));
    let unverified = bars(record.get("unverified_email_addresses"));
    if let Some(primary) = record.get("primary_email_address") {
        let same = |other: &Found| other.text.eq_ignore_ascii_case(primary.text.trim());
        person.email(&primary, !unverified.iter().any(same));
    }
    verified.iter().for_each(|found| person.email(found, true));
    unverified
        .iter()
        .for_each(|found| person.email(found, false));
}

fn phones(person: &mut Person, record: &Record<'_>) -> Outcome<()> {
    if let Some(list) = record
        .get("phone_numbers")
        .map(|found| found.items())
        .filter(|list| !list.is_empty())
    {
        for (found, verified) in listed(
            &list,
            record.get("primary_phone_number_id").as_ref(),
            "phone_number",
        ) {
            person.phone(record, &found, verified)?;
        }
        return Ok(());
    }
    let verified = bars(record.get("verified_phone_numbers"));
    let unverified = bars(record.get("unverified_phone_numbers"));
    if let Some(primary) = record.get("primary_phone_number") {
        let same = |other: &Found| other.text == primary.text;
        person.phone(record, &primary, !unverified.iter().any(same))?;
    }
    for found in &verified {
        person.phone(record, found, true)?;
    }
    for found in &unverified {
        person.phone(record, found, false)?;
    }
    Ok(())
}

/// The identifications of a user object with whether each is verified, the primary one first.
fn listed(list: &[Found], primary: Option<&Found>, member: &str) -> Vec<(Found, bool)> {
    let is_primary = |item: &Found| {
        let id = item.member("id");
        primary
            .as_ref()
            .is_some_and(|primary| id.is_some_and(|id| id.text == primary.text))
    };
    let (first, rest): (Vec<&Found>, Vec<&Found>) = list.iter().partition(|item| is_primary(item));
    let items = first.into_iter().chain(rest);
    items
        .filter_map(|item| {
            let status = item
                .member("verification")
                .and_then(|found| found.member("status"));
            Some((
                item.member(member)?,
                status.is_some_and(|status| status.text == "verified"),
            ))
        })
        .collect()
}

/// The values of a list joined by bars.
fn bars(found: Option<Found>) -> Vec<Found> {
    let Some(found) = found else {
        return Vec::new();
    };
    let parts = found
        .text
        .split('|')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts.map(|part| Found::text(&found.column, part)).collect()
}

/// The digest, its hasher and the secret of an authenticator app.
fn secrets(person: &mut Person, record: &Record<'_>) {
    if let Some(digest) = record.get("password_digest") {
        match record.get("password_hasher") {
            Some(hasher) => person.hashed(&digest.text, hasher.text.trim(), &digest.column),
            None => person.digest(&digest),
        }
    }
    person.text("totp_secret", record, &["totp_secret"]);
}
