//! `/organizations/{organization_id}/invitations`, `/organization_invitations` and those of a user.

mod create;
mod list;
mod one;

use clerk_api_emulator::{Clock, Config, Database};
use serde_json::json;

use crate::client::{App, config};

/// An emulator with an organization of an administrator, and the path of the organization's invitations.
struct Scene {
    app: App,
    clock: Clock,
    organization: String,
    admin: String,
    path: String,
}

impl Scene {
    fn new() -> Self {
        Self::with(config(Database::Memory))
    }

    /// For requests that official clients send although the specification does not have them.
    fn unrecorded() -> Self {
        let mut settings = config(Database::Memory);
        settings.record = None;
        Self::with(settings)
    }

    fn with(mut settings: Config) -> Self {
        settings.max_allowed_memberships = 20;
        let clock = settings.clock.clone();
        let mut app = App::with(settings);
        let admin = app.user("admin@example.com");
        let body = json!({"name": "Acme", "created_by": admin});
        let organization = app.post("/organizations", &body).ok().id();
        let path = format!("/organizations/{organization}/invitations");
        Self {
            app,
            clock,
            organization,
            admin,
            path,
        }
    }

    /// Invites these addresses one after the other and returns the ids.
    fn invited<const N: usize>(&mut self, emails: [&str; N]) -> [String; N] {
        emails.map(|email| {
            let body = json!({"email_address": email, "role": "org:member"});
            self.app.post(&self.path, &body).ok().id()
        })
    }

    fn revoke(&mut self, id: &str) {
        self.app
            .post(&format!("{}/{id}/revoke", self.path), &json!({}))
            .ok();
    }

    /// Makes a user who is a member without rights.
    fn member(&mut self, email: &str) -> String {
        let user = self.app.user(email);
        let path = format!("/organizations/{}/memberships", self.organization);
        let body = json!({"user_id": user, "role": "org:member"});
        self.app.post(&path, &body).ok();
        user
    }
}
