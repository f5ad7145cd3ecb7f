//! `/role_sets`, and the sets of organizations.

mod change;
mod crud;
mod replace;

use serde_json::{Value, json};

use crate::client::App;

const PATH: &str = "/role_sets";
const DEFAULT: &str = "/role_sets/role_set:default";

/// Makes roles without permissions that are in no set.
fn roles(app: &mut App, keys: &[&str]) {
    for key in keys {
        let body = json!({"name": key, "key": key});
        app.post("/organization_roles", &body).ok();
    }
}

/// Makes a set of these roles in which creators are administrators.
fn make(app: &mut App, key: &str, default: &str, more: &[&str]) -> Value {
    let mut roles = vec!["org:admin", default];
    roles.extend(more);
    let body = json!({"name": key, "key": key, "default_role_key": default, "creator_role_key": "org:admin",
                      "roles": roles});
    app.post(PATH, &body).ok().json()
}

fn keys(set: &Value) -> Vec<&str> {
    let roles = set["roles"].as_array().expect("a list");
    roles
        .iter()
        .map(|one| one["key"].as_str().expect("a key"))
        .collect()
}

/// Makes an organization with this set and returns its id.
fn organization(app: &mut App, set: &str) -> String {
    let body = json!({"name": "Acme", "role_set_key": set});
    app.post("/organizations", &body).ok().id()
}

/// Adds a new user with this role.
fn member(app: &mut App, organization: &str, email: &str, role: &str) {
    let user = app.user(email);
    let path = format!("/organizations/{organization}/memberships");
    app.post(&path, &json!({"user_id": user, "role": role}))
        .ok();
}

/// The roles of an organization's members, the oldest first.
fn roles_in(app: &mut App, organization: &str) -> Vec<String> {
    let path = format!("/organizations/{organization}/memberships?order_by=created_at");
    let listed = app.get(&path).ok().json();
    let data = listed["data"].as_array().expect("a list");
    data.iter()
        .map(|one| one["role"].as_str().expect("a key").to_owned())
        .collect()
}
