//! What a command line lacks, chosen by the person at the terminal: a user, an organization. Only reads.

use clap::ArgMatches;
use clerk_api::Client;
use clerk_api::declare::{Field, Meta, Place, Resource};
use clerk_api_admin::find;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target::reference::Reference;
use clerk_api_admin::target::resolve;
use serde_json::Value;

use super::guard;
use super::output::{table, unshown};
use crate::args::input_json;
use crate::args::read::{self, Chosen};
use crate::setup::context::Context;
use crate::show::picker::{Row, nothing_chosen};
use crate::show::ui::Ui;

/// The rows of a list to choose from. An instance with fewer is in it as a whole.
const MOST: u64 = 100;
/// How many of each kind a search through all of them offers: each user costs a request more.
const MOST_FOUND: u64 = 10;
/// The members of an object by which it is found. An id is not among them: letters that somebody types are in many.
const SEARCHED: [&str; 9] = [
    "name",
    "slug",
    "first_name",
    "last_name",
    "username",
    "external_id",
    "email_address",
    "phone_number",
    "identifier",
];
/// The field of the organization whose members are offered.
const ORGANIZATION: &str = "organization_id";

/// Asks for what the command line lacks. The parser has made sure that a person is there and that each can be chosen.
pub(super) async fn lacking(
    context: &mut Context,
    meta: &'static Meta,
    matches: &ArgMatches,
) -> Outcome<Chosen> {
    let mut chosen = Chosen::new();
    if input_json::is_given(matches) {
        return Ok(chosen);
    }
    for field in read::lacking(meta, matches) {
        guard::check_read_only(context, meta)?;
        let id = match field.resource() {
            Some(Resource::USER) => {
                match organization(context, meta, field, matches, &chosen).await? {
                    Some(organization) => {
                        one(context, &MEMBERS, &[(ORGANIZATION, &organization)]).await?
                    }
                    None => one(context, &USERS, &[]).await?,
                }
            }
            _ => one(context, &ORGANIZATIONS, &[]).await?,
        };
        chosen.insert(field.name, id);
    }
    Ok(chosen)
}

/// The id of the organization whose members are offered, where the operation is about one of them.
async fn organization(
    context: &mut Context,
    meta: &'static Meta,
    user: &Field,
    matches: &ArgMatches,
    chosen: &Chosen,
) -> Outcome<Option<String>> {
    let Some(field) = meta
        .field(ORGANIZATION)
        .filter(|field| field.place == Place::Path && user.place == Place::Path)
    else {
        return Ok(None);
    };
    if let Some(id) = chosen.get(ORGANIZATION) {
        return Ok(Some(id.clone()));
    }
    let given = read::strings(matches, ORGANIZATION);
    let Some(text) = given.first() else {
        return Ok(None);
    };
    let named = Reference::typed(field, "<ORGANIZATION_ID>", text)?;
    let client = context.link().await?.client;
    resolve::id(&client, &named).await.map(Some)
}

/// Asks for an organization.
pub(super) async fn an_organization(context: &mut Context) -> Outcome<String> {
    one(context, &ORGANIZATIONS, &[]).await
}

/// Asks for any object that can be shown by its id: a search through all of them, then a choice.
pub(super) async fn anything(context: &mut Context) -> Outcome<String> {
    let Some(width) = context.ui.row_width() else {
        return typed(&context.ui, "Which object? Id:");
    };
    let client = context.link().await?.client;
    let rows = loop {
        let text = typed(
            &context.ui,
            "Which object? Id, or a part of a name, address or slug:",
        )?;
        if Resource::of_id(&text).is_some() {
            return Ok(text);
        }
        let mut rows = find::find(&client, &text, MOST_FOUND).await?;
        // The API shows an invitation to an organization only to who names that, too.
        rows.retain(|row| row["kind"] != "invitation");
        if !rows.is_empty() {
            break rows;
        }
        context.ui.tell(&format!(
            "no user, organization or invitation to the application has {text:?}"
        ));
    };
    let drawn = drawn(context, "find", rows.clone(), &rows, width)?;
    pick(context, "object", &drawn, &rows)
}

/// What somebody types who must type something.
fn typed(ui: &Ui, question: &str) -> Outcome<String> {
    let typed = ui.ask(question).filter(|text| !text.is_empty());
    typed.ok_or_else(nothing_chosen)
}

/// Where objects are chosen.
struct Look {
    of: &'static Resource,
    list: &'static str,
    /// The object in a row of the list.
    object: fn(Value) -> Value,
    /// The name of the table that shows its rows, and a row there.
    table: &'static str,
    shown: fn(&Value) -> Value,
    /// The order of those that are offered first.
    order: &'static str,
    /// What those are.
    first: &'static str,
    /// The question where no list can be drawn.
    names: &'static str,
}

const USERS: Look = Look {
    of: Resource::USER,
    list: "users.list",
    object: |user| user,
    table: "choose.user",
    shown: |user| {
        let mut person = find::person(user);
        let names = ["email_address", "phone_number", "username"];
        let name = names.into_iter().find(|name| person[name].is_string());
        person["identifier"] = name.map_or(Value::Null, |name| person[name].clone());
        person
    },
    order: "-last_sign_in_at",
    first: "latest",
    names: "Which user? Id, email, +phone, username or part of a name:",
};

/// The members of one organization.
const MEMBERS: Look = Look {
    list: "organizations.members",
    object: |mut membership| {
        let mut user = membership["public_user_data"].take();
        user["id"] = user["user_id"].take();
        user["role"] = membership["role"].take();
        user
    },
    table: "choose.member",
    shown: |user| {
        let mut member = find::person(user);
        member["identifier"] = user["identifier"].clone();
        member["role"] = user["role"].clone();
        member
    },
    order: "-created_at",
    first: "newest",
    ..USERS
};

const ORGANIZATIONS: Look = Look {
    of: Resource::ORGANIZATION,
    list: "organizations.list",
    object: |organization| organization,
    table: "organizations.list",
    shown: Value::clone,
    order: "-created_at",
    first: "newest",
    names: "Which organization? Id, slug or exact name:",
};

/// The id of the object that was chosen, or its name as it was typed.
async fn one(context: &mut Context, look: &Look, of: &[(&str, &str)]) -> Outcome<String> {
    let Some(width) = context.ui.row_width() else {
        return typed(&context.ui, look.names);
    };
    let client = context.link().await?.client;
    let mut rows = found(&client, look, of, ("order_by", look.order)).await?;
    let (noun, plural) = (look.of.noun, look.of.plural);
    if rows.is_empty() {
        let place = if of.is_empty() {
            "instance"
        } else {
            "organization"
        };
        return Err(Problem::usage(format!(
            "no {noun} is named, and the {place} has no {plural} to choose from"
        )));
    }
    if rows.len() as u64 == MOST {
        rows = searched(&context.ui, &client, look, of, rows).await?;
    }
    let shown = rows.iter().map(look.shown).collect();
    let drawn = drawn(context, look.table, shown, &rows, width)?;
    pick(context, noun, &drawn, &rows)
}

/// The id of the row that the person chooses.
fn pick(
    context: &Context,
    noun: &str,
    (head, lines): &(String, Vec<Row>),
    rows: &[Value],
) -> Outcome<String> {
    context.ui.tell(&format!(
        "Which {noun}? Type to search, Enter to choose, Esc to leave"
    ));
    let place = context.ui.pick(head, lines)?;
    let id = rows[place]["id"].as_str().unwrap_or_default();
    let words: Vec<&str> = lines[place].shown.split_whitespace().collect();
    context
        .ui
        .tell(&format!("{noun} {id}: {}", words.join(" ")));
    Ok(id.to_owned())
}

/// What a search finds in an instance that has more than the first rows; those where nothing is searched for.
async fn searched(
    ui: &Ui,
    client: &Client,
    look: &Look,
    of: &[(&str, &str)],
    first: Vec<Value>,
) -> Outcome<Vec<Value>> {
    let plural = look.of.plural;
    let question = format!(
        "Search {plural} by a part of a name or address (Enter: the {} {MOST}):",
        look.first
    );
    loop {
        let text = ui.ask(&question).ok_or_else(nothing_chosen)?;
        if text.is_empty() {
            return Ok(first);
        }
        let rows = found(client, look, of, ("query", &text)).await?;
        if rows.len() as u64 == MOST {
            ui.tell(&format!("the first {MOST} that have {text:?}"));
        }
        if !rows.is_empty() {
            return Ok(rows);
        }
        ui.tell(&format!("no {} has {text:?}", look.of.noun));
    }
}

/// The first rows of a list. What has no id of its kind cannot be chosen.
async fn found(
    client: &Client,
    look: &Look,
    of: &[(&str, &str)],
    given: (&str, &str),
) -> Outcome<Vec<Value>> {
    let given = [of, &[given]].concat();
    let rows = find::rows(client, look.list, &given, MOST).await?;
    let mut rows: Vec<Value> = rows.into_iter().map(look.object).collect();
    rows.retain(|row| row["id"].as_str().and_then(Resource::of_id) == Some(look.of));
    Ok(rows)
}

/// The head of a table and its rows, one a line: clean text that fits the terminal.
fn drawn(
    context: &Context,
    table_name: &str,
    shown: Vec<Value>,
    rows: &[Value],
    width: u16,
) -> Outcome<(String, Vec<Row>)> {
    let mut text = Vec::new();
    let json = Value::Array(shown).to_string();
    let mut table = table(context, table_name, width)?;
    let report = table.answer(json.as_bytes(), &mut text).map_err(unshown)?;
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.lines().map(str::to_owned);
    let head = lines.next().unwrap_or_default();
    let lines: Vec<String> = lines.collect();
    if report.left_out > 0 || lines.len() != rows.len() {
        return Err(Problem::usage(
            "cannot offer a choice: a row cannot be shown",
        ));
    }
    let rows = rows.iter().zip(lines).map(|(row, shown)| Row {
        shown,
        searched: texts(row).join("\n").to_lowercase(),
    });
    Ok((head, rows.collect()))
}

/// The texts by which an object is found, wherever they are in it.
fn texts(value: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    match value {
        Value::Array(items) => found.extend(items.iter().flat_map(texts)),
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some(text) if SEARCHED.contains(&name.as_str()) => found.push(text),
                    _ => found.extend(texts(value)),
                }
            }
        }
        _ => {}
    }
    found
}
