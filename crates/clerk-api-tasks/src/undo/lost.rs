//! What cannot come back, counted by what it is.

use std::collections::BTreeMap;

use serde_json::Value;

/// What cannot come back, with the numbers of the objects that lose it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lost(BTreeMap<String, u64>);

impl Lost {
    /// One more object loses this.
    pub(super) fn add(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            *self.0.entry(what.clone()).or_default() += count;
        }
    }

    /// What is lost, with the numbers of objects.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(what, count)| (what.as_str(), *count))
    }

    /// What a user that is made anew does not have any more.
    pub(super) fn of_user(before: &Value) -> Self {
        let mut lost = Self::default();
        // The list of users does not show these two.
        lost.add("sessions");
        lost.add("memberships in organizations");
        let flag = |name: &str| before[name] == true;
        let some = |name: &str| before[name].as_array().is_some_and(|all| !all.is_empty());
        let numbers = before["phone_numbers"].as_array();
        let second = |number: &Value| number["reserved_for_second_factor"] == true;
        for (is_lost, what) in [
            (flag("password_enabled"), "passwords"),
            (flag("totp_enabled"), "authenticator apps"),
            (flag("backup_code_enabled"), "backup codes"),
            (
                numbers.is_some_and(|all| all.iter().any(second)),
                "phone numbers as second factors",
            ),
            (some("passkeys"), "passkeys"),
            (some("external_accounts"), "accounts at OAuth providers"),
            (
                some("enterprise_accounts") || some("saml_accounts"),
                "accounts at enterprise providers",
            ),
            (flag("has_image"), "pictures"),
        ] {
            if is_lost {
                lost.add(what);
            }
        }
        lost
    }

    /// What an organization that is made anew does not have any more.
    pub(super) fn of_organization(before: &Value) -> Self {
        let mut lost = Self::default();
        lost.add("domains");
        let count = |name: &str| before[name].as_u64();
        for (is_lost, what) in [
            (count("members_count") != Some(0), "memberships"),
            (
                count("pending_invitations_count") != Some(0),
                "open invitations",
            ),
            (before["has_image"] == true, "logos"),
            (
                before["admin_delete_enabled"] == false,
                "admin_delete_enabled",
            ),
        ] {
            if is_lost {
                lost.add(what);
            }
        }
        lost
    }

    /// What a member who is added again does not have any more.
    pub(super) fn of_member() -> Self {
        let mut lost = Self::default();
        lost.add("ids and dates of memberships");
        lost
    }
}
