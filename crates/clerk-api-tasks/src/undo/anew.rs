//! Users and organizations that were deleted, as the API can create them again.

use serde_json::{Value, json};

use super::lost::Lost;
use super::part::Part;

/// A user with everything that the former one shows and that a create takes.
pub(super) fn user(part: &mut Part) -> Result<(), String> {
    part.restore(&[
        "external_id",
        "first_name",
        "last_name",
        "locale",
        "username",
        "public_metadata",
        "private_metadata",
        "unsafe_metadata",
        "delete_self_enabled",
        "create_organization_enabled",
        "create_organizations_limit",
        "legal_accepted_at",
        "created_at",
        "bypass_client_trust",
    ]);
    let before = part.before.clone();
    let addresses = listed(&before, "email_address", "email_addresses");
    let numbers = listed(&before, "phone_number", "phone_numbers");
    let wallets = listed(&before, "web3_wallet", "web3_wallets");
    for (name, all) in [("email_address", addresses), ("phone_number", numbers)] {
        if all.is_empty() {
            continue;
        }
        let (values, states): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        set(part, name, &values)?;
        set(part, &format!("{name}_identification_status"), &states)?;
    }
    if !wallets.is_empty() {
        let values: Vec<_> = wallets.into_iter().map(|(value, _)| value).collect();
        set(part, "web3_wallet", &values)?;
    }
    for name in ["banned", "locked"] {
        // Sent only where it says something: not every instance may ban or lock.
        if before[name] == true {
            set(part, name, &true)?;
        }
    }
    // Passwords do not come back, and what is required now may not have been required then.
    for name in ["skip_password_requirement", "skip_user_requirement"] {
        set(part, name, &true)?;
    }
    if before["legal_accepted_at"].is_null() {
        set(part, "skip_legal_checks", &true)?;
    }
    part.lost = Lost::of_user(&before);
    Ok(())
}

/// An organization with everything that the former one shows and that a create takes.
pub(super) fn organization(part: &mut Part) -> Result<(), String> {
    part.restore(&[
        "name",
        "slug",
        "public_metadata",
        "private_metadata",
        "max_allowed_memberships",
        "created_at",
        "role_set_key",
    ]);
    // Nobody created it: the object shows an empty text.
    if part.before["created_by"]
        .as_str()
        .is_some_and(|id| !id.is_empty())
    {
        part.restore(&["created_by"]);
    }
    part.lost = Lost::of_organization(&part.before);
    Ok(())
}

/// The values of a list of identifications, the primary one first, each with the status that a create takes.
fn listed(before: &Value, name: &str, list: &str) -> Vec<(String, &'static str)> {
    let primary = &before[format!("primary_{name}_id")];
    let all = before[list].as_array().cloned().unwrap_or_default();
    let mut all: Vec<&Value> = all.iter().collect();
    all.sort_by_key(|one| primary.is_null() || one["id"] != *primary);
    let status = |one: &Value| match one["verification"]["status"].as_str() {
        Some("verified") => "verified",
        _ => "reserved",
    };
    all.iter()
        .filter_map(|one| Some((one[name].as_str()?.to_owned(), status(one))))
        .collect()
}

fn set(part: &mut Part, name: &str, value: &impl serde::Serialize) -> Result<(), String> {
    part.call
        .args
        .set(name, &json!(value))
        .map_err(|error| error.to_string())
}
