//! Values that only the configuration, the local instance or the API know: profiles, snapshots, users, organizations, roles.
//!
//! Failures here are silent, because there is no place to report them. Offered values go on a command line that a shell runs, so
//! nothing is that a shell could read as more than text.

use std::ffi::OsStr;
use std::time::Duration;

use clap_complete::CompletionCandidate;
use clerk_api::Args;
use clerk_api::declare::{Endpoint as _, Field, Kind, Meta, Resource};
use clerk_api::ops::{organizations, roles, users};
use clerk_api_admin::text::sanitize;
use serde_json::Value;

use crate::local::{Ask, Instance};
use crate::setup::config::{Flags, Settings};
use crate::setup::context::Context;
use crate::show::ui::{ColorEnv, ColorWhen, Ui};

/// How long a shell waits for us, the API included.
const PATIENCE: Duration = Duration::from_millis(300);
/// How many objects are offered at most.
const MOST: u32 = 20;

/// A list in which values are looked up.
#[derive(Clone, Copy)]
pub(super) struct Look {
    meta: &'static Meta,
    /// What is searched for by what was typed.
    query: bool,
    /// The values of a row, the most usual first.
    values: fn(&Value) -> Vec<&str>,
    /// What a row is called.
    name: fn(&Value) -> String,
}

const USERS: Look = Look {
    meta: users::ListUsers::META,
    query: true,
    values: |row| {
        let all = |list: &'static str, field: &'static str| {
            row[list]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(move |one| one[field].as_str())
        };
        let fields = ["username", "id"]
            .into_iter()
            .filter_map(|field| row[field].as_str());
        let contacts =
            all("email_addresses", "email_address").chain(all("phone_numbers", "phone_number"));
        contacts.chain(fields).collect()
    },
    name: |row| {
        let parts = ["first_name", "last_name"]
            .into_iter()
            .filter_map(|part| row[part].as_str());
        parts.collect::<Vec<_>>().join(" ")
    },
};

const ORGANIZATIONS: Look = Look {
    meta: organizations::ListOrganizations::META,
    query: true,
    values: |row| {
        ["slug", "id"]
            .into_iter()
            .filter_map(|field| row[field].as_str())
            .collect()
    },
    name: named,
};

const ROLES: Look = Look {
    meta: roles::ListRoles::META,
    query: false,
    values: |row| row["key"].as_str().into_iter().collect(),
    name: named,
};

fn named(row: &Value) -> String {
    row["name"].as_str().unwrap_or_default().to_owned()
}

/// Where the values of a field are looked up.
pub(super) fn of_field(field: &Field) -> Option<Look> {
    match (field.resource(), field.kind) {
        (Some(Resource::USER), _) => Some(USERS),
        (Some(Resource::ORGANIZATION), _) => Some(ORGANIZATIONS),
        (_, Kind::Text | Kind::Form(_)) if matches!(field.name, "role" | "roles") => Some(ROLES),
        _ => None,
    }
}

/// The values in the instance that the command line is for.
pub(super) fn found(look: Look, typed: &OsStr, flags: &Flags) -> Vec<CompletionCandidate> {
    let rows = || {
        let typed = typed.to_str()?;
        let mut context = context(flags)?;
        context.settings.http.attempts = Some(1);
        may_look(&context.settings).then_some(())?;
        let runtime = runtime()?;
        let rows = runtime.block_on(async {
            tokio::time::timeout(PATIENCE, rows(&mut context, look, typed))
                .await
                .ok()?
        });
        // A server of this process, and what waits for a response, end with it.
        runtime.shutdown_background();
        Some(offered(look, &rows?, typed))
    };
    rows().unwrap_or_default()
}

async fn rows(context: &mut Context, look: Look, typed: &str) -> Option<Vec<Value>> {
    let link = context.link().await.ok()?;
    (!link.live || context.settings.completion_lookups).then_some(())?;
    let mut args = Args::new();
    args.set("limit", &MOST).ok()?;
    if look.query && !typed.is_empty() {
        args.set("query", &typed).ok()?;
    }
    let reply = link.client.call(look.meta, args).await.ok()?;
    let mut answer: Value = serde_json::from_slice(&reply.raw).ok()?;
    let rows = if answer.is_array() {
        answer
    } else {
        answer["data"].take()
    };
    rows.as_array().cloned()
}

/// One value of each row: the first that begins with the typed text. A single row may also match in another field, such as its name.
fn offered(look: Look, rows: &[Value], typed: &str) -> Vec<CompletionCandidate> {
    let only = rows.len() == 1 && !typed.is_empty();
    let lower = typed.to_lowercase();
    let value = |row| {
        let mut values = (look.values)(row)
            .into_iter()
            .filter(|value| is_plain(value));
        let first = values.clone().next();
        values
            .find(|value| value.to_lowercase().starts_with(&lower))
            .or(first.filter(|_| only))
    };
    let candidate = |row| {
        let name = (look.name)(row);
        let help = (!name.is_empty()).then(|| sanitize::text(&name).into_owned().into());
        Some(CompletionCandidate::new(value(row)?).help(help))
    };
    rows.iter().filter_map(candidate).collect()
}

/// Whether a shell takes this for one word and nothing else. People choose their own addresses when they sign up.
fn is_plain(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@._+:-".contains(&byte);
    !value.is_empty() && !value.starts_with('-') && value.bytes().all(plain)
}

/// Whether completion may read an instance: not if reading would create it, and not with a key that a program or person has to provide.
fn may_look(settings: &Settings) -> bool {
    if let Some(name) = &settings.local {
        let there =
            Instance::named(settings, &name.value).map(|instance| instance.database.exists());
        return there.unwrap_or(false);
    }
    let from_stdin = settings
        .key_files
        .iter()
        .any(|file| file.value.as_os_str() == "-");
    !from_stdin && (settings.key_command.is_none() || settings.completion_lookups)
}

/// The profiles of the configuration file.
pub(super) fn profiles(typed: &OsStr) -> Vec<CompletionCandidate> {
    let names = context(&Flags::default())
        .map(|context| context.settings.profiles)
        .unwrap_or_default();
    beginning(names, typed)
}

/// The snapshots of the local instance.
pub(super) fn snapshots(typed: &OsStr, flags: &Flags) -> Vec<CompletionCandidate> {
    let names = || {
        let context = context(flags)?;
        let name = context.local_name();
        let instance = Instance::named(&context.settings, &name).ok()?;
        let runtime = runtime()?;
        let ask = async {
            tokio::time::timeout(PATIENCE, Ask::List.of(&instance))
                .await
                .ok()?
                .ok()
        };
        let list = runtime.block_on(ask)?;
        let names = list
            .as_array()?
            .iter()
            .filter_map(|one| one["name"].as_str());
        Some(names.map(str::to_owned).collect())
    };
    beginning(names().unwrap_or_default(), typed)
}

fn beginning(names: Vec<String>, typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let names = names
        .into_iter()
        .filter(|name| is_plain(name) && name.starts_with(&*typed));
    names.map(CompletionCandidate::new).collect()
}

fn runtime() -> Option<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()
}

/// The settings with these flags applied.
fn context(flags: &Flags) -> Option<Context> {
    let ui = Ui::new(ColorWhen::Never, ColorEnv::default(), true, 0);
    Context::new(ui, flags.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_shell_takes_as_one_word_is_offered() {
        for plain in [
            "ada@example.com",
            "ada+news@example.com",
            "user_2x",
            "org:admin",
            "+15005550006",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
        for odd in [
            "",
            "-rf",
            "$(id)@example.com",
            "a`b`@x.y",
            "o'neill@x.y",
            "a b",
            "a;b@x.y",
            "a\n@x.y",
            "é@x.y",
            "a|b@x.y",
        ] {
            assert!(!is_plain(odd), "{odd}");
        }
    }

    #[test]
    fn a_single_match_is_offered_by_what_names_it_best() {
        let row = serde_json::json!({"id": "user_1", "username": null, "first_name": "Ada", "last_name": "Lovelace",
            "email_addresses": [{"email_address": "ada@example.com"}], "phone_numbers": []});
        let values = |rows: &[Value], typed: &str| -> Vec<String> {
            let offered = offered(USERS, rows, typed);
            offered
                .iter()
                .map(|one| one.get_value().to_string_lossy().into_owned())
                .collect()
        };
        let one = std::slice::from_ref(&row);
        assert_eq!(values(one, "lovelace"), ["ada@example.com"]);
        assert_eq!(values(one, "user_"), ["user_1"]);
        assert_eq!(values(&[row.clone(), row], "lovelace"), [""; 0]);
    }
}
