//! `/invitations`.

mod create;
mod list;
mod revoke;

use serde_json::json;

use crate::client::App;

/// Invites these addresses one after the other and returns the ids.
fn invited<const N: usize>(app: &mut App, emails: [&str; N]) -> [String; N] {
    emails.map(|email| {
        app.post("/invitations", &json!({"email_address": email}))
            .ok()
            .id()
    })
}
