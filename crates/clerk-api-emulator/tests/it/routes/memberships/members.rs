//! An organization with members, for the tests of memberships.

use serde_json::{Value, json};

use crate::client::App;

/// An organization whose first user is its admin; the others are plain members.
pub(super) struct Team {
    pub(super) organization: String,
    pub(super) users: Vec<String>,
}

impl Team {
    /// A team of so many, called a, b, c…
    pub(super) fn of(app: &mut App, size: usize) -> Self {
        let users: Vec<String> = ["a", "b", "c", "d", "e"][..size]
            .iter()
            .enumerate()
            .map(|(place, name)| {
                let body = json!({
                    "email_address": [format!("{name}+x@example.com")], "username": format!("user-{name}"),
                    "phone_number": [format!("+1555555010{place}")], "first_name": name.to_uppercase(),
                    "last_name": format!("Last{}", 9 - place), "web3_wallet": [format!("0x{name}")],
                });
                app.post("/users", &body).ok().id()
            })
            .collect();
        let body = json!({"name": "Acme", "created_by": users[0]});
        let organization = app.post("/organizations", &body).ok().id();
        let team = Self {
            organization,
            users,
        };
        for place in 1..size {
            team.add(app, place);
        }
        team
    }

    fn add(&self, app: &mut App, place: usize) {
        let body = json!({"user_id": self.users[place], "role": "org:member"});
        app.post(&self.path(), &body).ok();
    }

    /// Where the members are.
    pub(super) fn path(&self) -> String {
        format!("/organizations/{}/memberships", self.organization)
    }

    /// Where one member is.
    pub(super) fn member(&self, place: usize) -> String {
        format!("{}/{}", self.path(), self.users[place])
    }
}

/// The first names of the members of a list in lower case, and the count of all.
pub(super) fn found(app: &mut App, path: &str) -> (String, u64) {
    let json = app.get(path).ok().json();
    let data = json["data"].as_array().expect("an envelope");
    let name = |one: &Value| {
        one["public_user_data"]["first_name"]
            .as_str()
            .expect("a name")
            .to_lowercase()
    };
    let letters = data.iter().map(name).collect();
    (letters, json["total_count"].as_u64().expect("a count"))
}
