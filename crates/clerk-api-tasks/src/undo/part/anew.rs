//! Users and organizations that were deleted, as the API can create them again.

use serde_json::{Value, json};

use super::super::lost::Lost;

/// What creates an object again.
pub(super) struct Anew {
    /// The arguments that are as the former object shows them.
    pub(super) restored: &'static [&'static str],
    /// The other arguments.
    pub(super) set: Vec<(&'static str, Value)>,
    /// What does not come back.
    pub(super) lost: Lost,
}

/// A user with everything that the former one shows and that a create takes.
pub(super) fn user(before: &Value) -> Anew {
    let mut set = Vec::new();
    for [name, states, list, primary] in [
        [
            "email_address",
            "email_address_identification_status",
            "email_addresses",
            "primary_email_address_id",
        ],
        [
            "phone_number",
            "phone_number_identification_status",
            "phone_numbers",
            "primary_phone_number_id",
        ],
        ["web3_wallet", "", "web3_wallets", "primary_web3_wallet_id"],
    ] {
        let all = listed(before, name, list, primary);
        if all.is_empty() {
            continue;
        }
        let (values, of_values): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        set.push((name, json!(values)));
        if !states.is_empty() {
            set.push((states, json!(of_values)));
        }
    }
    for name in ["banned", "locked"] {
        // Sent only where it says something: not every instance may ban or lock.
        if before[name] == true {
            set.push((name, json!(true)));
        }
    }
    // Passwords do not come back, and what is required now may not have been required then.
    set.push(("skip_password_requirement", json!(true)));
    set.push(("skip_user_requirement", json!(true)));
    if before["legal_accepted_at"].is_null() {
        set.push(("skip_legal_checks", json!(true)));
    }
    Anew {
        restored: &[
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
        ],
        set,
        lost: Lost::of_user(before),
    }
}

/// An organization with everything that the former one shows and that a create takes.
pub(super) fn organization(before: &Value) -> Anew {
    let mut set = Vec::new();
    // Where nobody created it, the object shows an empty text.
    if let Some(id) = before["created_by"].as_str().filter(|id| !id.is_empty()) {
        set.push(("created_by", json!(id)));
    }
    Anew {
        restored: &[
            "name",
            "slug",
            "public_metadata",
            "private_metadata",
            "max_allowed_memberships",
            "created_at",
            "role_set_key",
        ],
        set,
        lost: Lost::of_organization(before),
    }
}

/// The values of a list of identifications, the primary one first, each with the status that a create takes.
fn listed(before: &Value, name: &str, list: &str, primary: &str) -> Vec<(String, &'static str)> {
    let primary = &before[primary];
    let mut all: Vec<&Value> = before[list].as_array().into_iter().flatten().collect();
    all.sort_by_key(|one| primary.is_null() || one["id"] != *primary);
    let status = |one: &Value| match one["verification"]["status"].as_str() {
        Some("verified") => "verified",
        _ => "reserved",
    };
    all.iter()
        .filter_map(|one| Some((one[name].as_str()?.to_owned(), status(one))))
        .collect()
}
