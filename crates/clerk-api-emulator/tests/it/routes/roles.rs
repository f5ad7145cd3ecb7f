//! `/organization_roles`, and what roles do for members.

mod crud;
mod members;
mod permissions;

use serde_json::{Value, json};

use crate::client::App;

const PATH: &str = "/organization_roles";

/// Returns the id of the role or permission with this key.
fn id_of(app: &mut App, path: &str, key: &str) -> String {
    let found = app
        .get(&format!("{path}?query={key}&limit=100"))
        .ok()
        .json();
    let data = found["data"].as_array().expect("a list");
    let one = data.iter().find(|one| one["key"] == key).expect("there");
    one["id"].as_str().expect("an id").to_owned()
}

fn permission(app: &mut App, key: &str) -> String {
    id_of(app, "/organization_permissions", key)
}

/// Makes a role with these permissions in the initial role set and returns its id.
fn make(app: &mut App, key: &str, permissions: &[&str]) -> String {
    let permissions: Vec<String> = permissions.iter().map(|key| permission(app, key)).collect();
    let body = json!({"name": key, "key": key, "permissions": permissions, "include_in_initial_role_set": true});
    app.post(PATH, &body).ok().id()
}

fn keys(role: &Value) -> Vec<&str> {
    let permissions = role["permissions"].as_array().expect("a list");
    permissions
        .iter()
        .map(|one| one["key"].as_str().expect("a key"))
        .collect()
}
