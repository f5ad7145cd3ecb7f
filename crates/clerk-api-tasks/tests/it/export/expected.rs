//! The rows that the tables should have, made from the API's objects by the names of their members.

use clerk_api_tasks::export::address::{domain, normalized};
use clerk_api_tasks::export::table::{Column, Table, Type};
use clerk_api_tasks::sweep::Kind;
use serde_json::{Value, json};

use crate::harness::Bench;

/// A row as text, in the order of the table's columns.
pub(crate) type Row = Vec<Option<String>>;

const MANAGE: &str = "org:sys_memberships:manage";

/// The rows of a table of a kind, sorted.
pub(crate) async fn rows(bench: &Bench, kind: Kind, table: &Table) -> Vec<Row> {
    let objects = objects(bench, kind).await;
    let managing: Vec<Value> = objects_of_roles(bench).await;
    let mut rows: Vec<Row> = objects
        .iter()
        .flat_map(|object| parts(table, object))
        .map(|object| {
            let cell =
                |column: &Column| text(column.kind, &value(table, column, &object, &managing));
            table.columns.iter().map(cell).collect()
        })
        .collect();
    rows.sort();
    rows
}

/// All objects of a kind, as the API lists them.
pub(crate) async fn objects(bench: &Bench, kind: Kind) -> Vec<Value> {
    let args: &[(&str, &str)] = match kind {
        Kind::Organizations => &[
            ("include_members_count", "true"),
            ("include_missing_member_with_elevated_permissions", "true"),
        ],
        _ => &[],
    };
    bench.all(kind.list().name, args).await
}

/// The keys of the roles that permit to manage members.
async fn objects_of_roles(bench: &Bench) -> Vec<Value> {
    let roles = bench.all("roles.list", &[]).await;
    let manages = |role: &&Value| {
        let permissions = role["permissions"].as_array().unwrap();
        permissions.iter().any(|it| it["key"] == MANAGE)
    };
    roles
        .iter()
        .filter(manages)
        .map(|role| role["key"].clone())
        .collect()
}

/// The parts of an object that are rows of the table, with what they need of the whole.
fn parts(table: &Table, object: &Value) -> Vec<Value> {
    let (list, primary) = match table.name {
        "email_addresses" => ("email_addresses", "primary_email_address_id"),
        "phone_numbers" => ("phone_numbers", "primary_phone_number_id"),
        "role_set_roles" => {
            let roles = object["roles"].as_array().unwrap().iter();
            let row = |role: &Value| {
                json!({
                    "role_set_key": object["key"],
                    "role_key": role["key"],
                    "is_default": role["key"] == object["default_role"]["key"],
                    "is_creator": role["key"] == object["creator_role"]["key"],
                    "is_initial": object["type"] == "initial",
                })
            };
            return roles.map(row).collect();
        }
        _ => return vec![object.clone()],
    };
    let parts = object[list].as_array().unwrap().iter().cloned();
    parts
        .map(|mut part| {
            part["user_id"] = object["id"].clone();
            part["is_primary"] = (part["id"] == object[primary]).into();
            part
        })
        .collect()
}

fn value(table: &Table, column: &Column, object: &Value, managing: &[Value]) -> Value {
    let address = object["email_address"].as_str();
    match (table.name, column.name) {
        (_, "domain") => json!(address.and_then(domain)),
        (_, "normalized_address") => json!(address.map(normalized)),
        (_, "url") => Value::Null,
        ("users", name) => of_user(name, object),
        ("email_addresses" | "phone_numbers", "verified") => {
            (object["verification"]["status"] == "verified").into()
        }
        ("organizations", "created_by") if object["created_by"] == "" => Value::Null,
        ("memberships", "organization_id") => object["organization"]["id"].clone(),
        ("memberships", "user_id") => object["public_user_data"]["user_id"].clone(),
        ("memberships", "can_manage") => object["permissions"]
            .as_array()
            .unwrap()
            .contains(&json!(MANAGE))
            .into(),
        ("organization_invitations", "can_manage") => managing.contains(&object["role"]).into(),
        ("roles", "can_manage") => managing.contains(&object["key"]).into(),
        ("roles", "permissions") => {
            let all = object["permissions"].as_array().unwrap().iter();
            all.map(|it| it["key"].clone()).collect()
        }
        ("domains", "verified") => (object["verification"]["status"] == "verified").into(),
        ("domains", "verification_status") => object["verification"]["status"].clone(),
        (_, name) => object[name].clone(),
    }
}

fn of_user(name: &str, user: &Value) -> Value {
    let primary = |list: &str, id: &str| {
        let all = user[list].as_array().unwrap().iter();
        all.clone()
            .find(|it| it["id"] == user[id])
            .cloned()
            .unwrap_or_default()
    };
    let email = primary("email_addresses", "primary_email_address_id");
    match name {
        "name" => {
            let names = [&user["first_name"], &user["last_name"]];
            let names: Vec<&str> = names.into_iter().filter_map(Value::as_str).collect();
            let name = names.join(" ").trim().to_owned();
            json!(Some(name).filter(|name| !name.is_empty()))
        }
        "primary_email_address" => email["email_address"].clone(),
        "primary_email_verified" if email.is_null() => Value::Null,
        "primary_email_verified" => (email["verification"]["status"] == "verified").into(),
        "primary_phone_number" => {
            primary("phone_numbers", "primary_phone_number_id")["phone_number"].clone()
        }
        "primary_web3_wallet" => {
            primary("web3_wallets", "primary_web3_wallet_id")["web3_wallet"].clone()
        }
        "passkeys_count" => user["passkeys"].as_array().map(Vec::len).into(),
        "external_account_providers" => {
            let all = user["external_accounts"].as_array().unwrap().iter();
            all.map(|it| it["provider"].clone()).collect()
        }
        name => user[name].clone(),
    }
}

fn text(kind: Type, value: &Value) -> Option<String> {
    match (kind, value) {
        (_, Value::Null) => None,
        (Type::Timestamp, at) => Some(instant(at.as_i64().unwrap())),
        (Type::Json, json) => Some(json.to_string()),
        (_, Value::String(text)) => Some(text.clone()),
        (_, other) => Some(other.to_string()),
    }
}

/// An instant's text, by another calendar than the program's.
pub(crate) fn instant(millis: i64) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(millis).unwrap())
}
