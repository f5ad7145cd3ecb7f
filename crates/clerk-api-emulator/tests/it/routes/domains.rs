//! `/organizations/{organization_id}/domains` and `/organization_domains`.

mod change;
mod list;

use serde_json::{Value, json};

use crate::client::{Answer, App};

/// An emulator with an organization and the path of its domains.
struct Scene {
    app: App,
    organization: String,
    path: String,
}

impl Scene {
    fn new() -> Self {
        let mut app = App::start();
        let organization = organization(&mut app, "Acme");
        let path = format!("/organizations/{organization}/domains");
        Self {
            app,
            organization,
            path,
        }
    }

    fn post(&mut self, body: &Value) -> Answer {
        self.app.post(&self.path, body)
    }

    fn add(&mut self, name: &str) -> String {
        self.post(&json!({"name": name})).ok().id()
    }
}

fn organization(app: &mut App, name: &str) -> String {
    app.post("/organizations", &json!({"name": name})).ok().id()
}
