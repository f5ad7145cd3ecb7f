//! From a line of facts to the facts of an operation.
//!
//! An argument is `?name:kind` in the query, `=name:kind` in the body, `@name:kind` in a form; `!` behind it means required, `~` that
//! null is a value. Those of the path are in the path.

use super::argument;
use crate::declare::{
    Effect, Field, Form, Kind, Member, Meta, Paging, Place, RateClass, Resource, Verb,
};
use crate::form;
use crate::id::{IdError, check_id};

/// What grants access, under whatever operation it stands.
static SECRETS: &[Member] = &[
    Member::hidden("secret"),
    Member::hidden("token"),
    Member::hidden("client_secret"),
    Member::hidden("ticket"),
];

/// The facts of one line, kept for as long as the process runs; nothing for a line that is no operation.
pub(super) fn read(line: &'static str) -> Option<&'static Meta> {
    let mut words = line.split(' ');
    let (verb, path) = (verb(words.next()?)?, words.next()?);
    let (spec_id, effect) = (words.next()?, words.next()?);
    let mut fields: Vec<Field> = path.split('/').filter_map(argument).map(in_path).collect();
    for word in words {
        fields.push(field(word)?);
    }
    let has = |name: &str| {
        fields
            .iter()
            .any(|field| field.name == name && field.place == Place::Query)
    };
    let paging = if has("limit") && has("offset") {
        Paging::Offset
    } else {
        Paging::None
    };
    let (effect, makes_a_secret) = effect_of(effect, verb)?;
    let meta = Meta {
        name: String::leak(format!("api.{}", snake(spec_id))),
        spec_id,
        verb,
        path,
        effect,
        paging,
        form: if paging == Paging::None {
            Form::Any
        } else {
            Form::List
        },
        answer: "",
        members: if makes_a_secret { &[] } else { SECRETS },
        rate: RateClass::Instance,
        doc: "An operation that has no command of its own.",
        fields: Vec::leak(fields),
        lookup: None,
        preset: &[],
        makes: None,
    };
    Some(Box::leak(Box::new(meta)))
}

fn verb(word: &str) -> Option<Verb> {
    let all = [Verb::Get, Verb::Post, Verb::Put, Verb::Patch, Verb::Delete];
    all.into_iter().find(|verb| verb.as_str() == word)
}

/// The effect that a word names, and whether the response has a secret that was made for the caller.
fn effect_of(word: &str, verb: Verb) -> Option<(Effect, bool)> {
    Some(match word {
        "read" => (Effect::Read, false),
        "update" => (Effect::Update, false),
        "replace" => (Effect::Replace, false),
        "rotate" => (Effect::Rotate, true),
        "destroy" => (Effect::Destroy, false),
        "create" => (Effect::Create, verb == Verb::Post),
        "once" => (Effect::Once, false),
        _ => return None,
    })
}

fn in_path(name: &'static str) -> Field {
    let check = if name.to_ascii_lowercase().ends_with("id") {
        check_id
    } else {
        check_word
    };
    let kind = Kind::Id {
        of: Resource::OBJECT,
        check,
    };
    Field {
        required: true,
        ..Field::new(name, Place::Path, kind)
    }
}

fn field(word: &'static str) -> Option<Field> {
    let (sign, rest) = word.split_at_checked(1)?;
    let place = match sign {
        "?" => Place::Query,
        "=" => Place::Body,
        "@" => Place::Part,
        _ => return None,
    };
    let (name, kind) = rest.split_once(':')?;
    let (kind, nullable) = kind
        .strip_suffix('~')
        .map_or((kind, false), |kind| (kind, true));
    let (kind, required) = kind
        .strip_suffix('!')
        .map_or((kind, false), |kind| (kind, true));
    let (kind, many) = match kind {
        "text" if matches!(name, "token" | "secret" | "access_token") => (Kind::Secret, false),
        "text" => (Kind::Text, false),
        "texts" => (Kind::Form(&form::WORD), true),
        "integer" if name == "limit" && place == Place::Query => (Kind::Limit, false),
        "integer" if name == "offset" && place == Place::Query => (Kind::Offset, false),
        "integer" => (Kind::Integer, false),
        "boolean" => (Kind::Boolean, false),
        "object" => (Kind::Object, false),
        // No fields: any members.
        "records" => (Kind::Records(&[]), true),
        "upload" => (Kind::Upload, false),
        _ => return None,
    };
    Some(Field {
        many,
        nullable,
        required,
        ..Field::new(name, place, kind)
    })
}

/// A word in a path, such as a template's name.
fn check_word(text: &str) -> Result<(), IdError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
        return Ok(());
    }
    Err(IdError::new(text, "a name", "letters, digits, _ and -"))
}

/// `createApiKey` as `create_api_key`, `ListSAMLConnections` as `list_saml_connections`.
fn snake(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut snake = String::with_capacity(text.len() + 8);
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let begins = c.is_ascii_uppercase()
            && before.is_some_and(|before| {
                let next = chars.get(at + 1);
                !before.is_ascii_uppercase() || next.is_some_and(char::is_ascii_lowercase)
            });
        if begins {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
