//! The free text filters of users.

use crate::resource::identifications::wire::Kind;
use crate::resource::users::rows;
use crate::store::search::{self, SHORTEST};

/// The filters: the parameter and the fields that it looks at.
pub(super) const SEARCHES: [(&str, &[&str]); 5] = [
    (
        "query",
        &["email", "phone", "wallet", "username", "name", "id"],
    ),
    ("email_address_query", &["email"]),
    ("phone_number_query", &["phone"]),
    ("username_query", &["username"]),
    ("name_query", &["name"]),
];

/// The condition of a filter that looks at nothing but the search index.
pub(super) const FOUND: &str = "seq IN (SELECT rowid FROM users_search WHERE users_search MATCH ?)";

/// Characters from which a text that does not begin like an id is looked for in ids.
const PIECE: usize = 8;

/// Returns whether a text is looked up in the search index.
fn is_indexed(text: &str) -> bool {
    text.chars().count() >= SHORTEST
}

/// Returns the condition that a text is in one of these fields, and the values of its placeholders.
///
/// Three characters and more are found anywhere, by trigrams; fewer only at the beginning of a field, and
/// not in ids, as those all begin alike.
pub(super) fn condition(text: &str, fields: &[&str]) -> (String, Vec<String>) {
    if !is_indexed(text) {
        return beginning(&text.to_lowercase(), fields);
    }
    let indexed: Vec<&str> = fields
        .iter()
        .copied()
        .filter(|field| *field != "id")
        .collect();
    let matching = format!("{{{}}} : {}", indexed.join(" "), search::containing(text));
    let ids = fields.contains(&"id").then(|| ids_with(text)).flatten();
    let Some((ids, values)) = ids else {
        return (FOUND.to_owned(), vec![matching]);
    };
    let found = "SELECT rowid FROM users_search WHERE users_search MATCH ?";
    (
        format!("seq IN ({found} UNION ALL {ids})"),
        std::iter::once(matching).chain(values).collect(),
    )
}

/// Returns the statement that finds ids with this text, if it looks like a piece of one: their beginning, or
/// enough of the random rest. Shorter pieces would match many ids by chance in a search for a name.
fn ids_with(text: &str) -> Option<(&'static str, Vec<String>)> {
    if text.starts_with("user_") {
        let (from, to) = search::beginning(text);
        let sql = "SELECT seq FROM users WHERE id >= ? AND id < ?";
        return Some((sql, vec![from, to]));
    }
    let bytes = text.as_bytes();
    let piece = bytes.len() >= PIECE
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes[1..].iter().any(u8::is_ascii_uppercase);
    let sql = "SELECT seq FROM users WHERE instr(id, ?)";
    piece.then(|| (sql, vec![text.to_owned()]))
}

fn beginning(text: &str, fields: &[&str]) -> (String, Vec<String>) {
    let (from, to) = search::beginning(text);
    let alternatives: Vec<String> = fields
        .iter()
        .flat_map(|field| match *field {
            "email" => vec![beginning_of_identification(Kind::Email)],
            "phone" => vec![beginning_of_identification(Kind::Phone)],
            "wallet" => vec![beginning_of_identification(Kind::Wallet)],
            "username" => vec![beginning_of("username")],
            "name" => ["first_name", "last_name"].map(beginning_of_later).into(),
            _ => Vec::new(),
        })
        .collect();
    let args = alternatives
        .iter()
        .flat_map(|_| [from.clone(), to.clone()])
        .collect();
    (
        format!("seq IN ({})", alternatives.join(" UNION ALL ")),
        args,
    )
}

fn beginning_of(column: &str) -> String {
    format!("SELECT seq FROM users WHERE {column} >= ? AND {column} < ?")
}

/// Of a column whose index follows later.
fn beginning_of_later(column: &str) -> String {
    format!("{} AND {}", beginning_of(column), rows::SORTED)
}

fn beginning_of_identification(kind: Kind) -> String {
    let kind = kind as i64;
    format!("SELECT user_seq FROM identifications WHERE kind = {kind} AND value >= ? AND value < ?")
}
