//! How objects are named on the command line: ids, email addresses, phone numbers, usernames, slugs. No I/O.

use clerk_api::declare::{Field, Kind, Resource};
use clerk_api::form::{is_email, is_phone};
use clerk_api::id::{check_id, check_slug};

use crate::problem::{Outcome, Problem};

/// The longest text that can name anything.
const LONGEST: usize = 512;

/// What a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// An id, or whatever else the API takes as it is.
    Ready(String),
    /// A user, found by asking the list.
    User {
        /// The list's parameter.
        by: UserKey,
        /// What the user has there.
        value: String,
    },
    /// An organization's slug, or, where it is none, its exact name.
    Slug(String),
}

/// The list parameters that find a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKey {
    /// An email address.
    Email,
    /// A phone number.
    Phone,
    /// A username.
    Username,
    /// The id that another system gave the user.
    ExternalId,
    /// A text that is searched for.
    Query,
    /// A part of the first and last name.
    Name,
    /// The id itself, to see what belongs to the user.
    Id,
}

impl UserKey {
    /// The parameter's name in the API.
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Email => "email_address",
            Self::Phone => "phone_number",
            Self::Username => "username",
            Self::ExternalId => "external_id",
            Self::Query | Self::Name => "query",
            Self::Id => "user_id",
        }
    }

    /// For messages: "no user has the …".
    pub const fn called(self) -> &'static str {
        match self {
            Self::Email => "email address",
            Self::Phone => "phone number",
            Self::Username => "username",
            Self::ExternalId => "external id",
            Self::Query => "search text",
            Self::Name => "name",
            Self::Id => "id",
        }
    }
}

const PREFIXES: [(&str, UserKey); 6] = [
    ("email:", UserKey::Email),
    ("phone:", UserKey::Phone),
    ("username:", UserKey::Username),
    ("external_id:", UserKey::ExternalId),
    ("ext:", UserKey::ExternalId),
    ("query:", UserKey::Query),
];

impl Reference {
    /// Reads what a text names, for a field of kind `Id`. Hostile texts are refused here, before anything is sent (reliability.md 7.5).
    pub fn read(field: &Field, spelled: &str, text: &str) -> Outcome<Self> {
        let Kind::Id { of, check } = field.kind else {
            return Ok(Self::Ready(text.to_owned()));
        };
        if matches!(of, Resource::USER | Resource::ORGANIZATION)
            && let Some(slip) = slip(text)
        {
            let reason = format!("{slip} does not name anything");
            return Err(refuse(of, spelled, text, &reason)
                .hint("a variable or command before it was probably empty"));
        }
        if let Some(other) = other_resource(of, text) {
            return Err(Problem::usage(format!(
                "{spelled}: {text} is the id of {}, not of {}",
                article(other.noun),
                article(of.noun)
            ))
            .hint("ids begin with what they name: user_…, org_…, orginv_…, inv_…"));
        }
        // `ada_l` has the form of an id, but no user's id begins like that.
        let id = of != Resource::USER || text.starts_with("user_");
        if id && check(text).is_ok() {
            return Ok(Self::Ready(text.to_owned()));
        }
        let named = match of {
            Resource::USER => user(text),
            Resource::ORGANIZATION if check_slug(text).is_ok() => Some(Self::Slug(text.to_owned())),
            _ => None,
        };
        named.ok_or_else(|| {
            let reason = match check(text) {
                Err(error) => error.to_string(),
                Ok(()) => "it is malformed".to_owned(),
            };
            refuse(of, spelled, text, &reason)
        })
    }

    /// Reads what a text names that a person wrote: as [`Self::read`], or a name without a form.
    pub fn typed(field: &Field, spelled: &str, text: &str) -> Outcome<Self> {
        Self::read(field, spelled, text)
            .or_else(|problem| Self::by_name(field, text).ok_or(problem))
    }

    /// What a text names that a person wrote and that has no other form: a part of a user's name, or an organization's exact name.
    /// No URL is made of it; what it names is found by a search and compared.
    pub fn by_name(field: &Field, text: &str) -> Option<Self> {
        let of = field.resource()?;
        let fits = text.len() <= LONGEST
            && text.trim() == text
            && slip(text).is_none()
            && Resource::of_id(text).is_none()
            && text.chars().any(char::is_alphanumeric)
            && text.chars().all(is_of_name);
        match of {
            _ if !fits => None,
            Resource::USER => text.contains(' ').then(|| by_key(UserKey::Name, text)),
            Resource::ORGANIZATION => Some(Self::Slug(text.to_owned())),
            _ => None,
        }
    }

    /// Whether a text is a name that can hold commas.
    pub fn is_free_text(text: &str) -> bool {
        PREFIXES.iter().any(|(prefix, by)| {
            matches!(by, UserKey::ExternalId | UserKey::Query) && text.starts_with(prefix)
        })
    }

    /// Whether it is a full id.
    pub fn is_id(&self) -> bool {
        matches!(self, Self::Ready(text) if is_id(text))
    }

    /// The text as it was given, for messages.
    pub fn shown(&self) -> &str {
        match self {
            Self::Ready(text) | Self::Slug(text) | Self::User { value: text, .. } => text,
        }
    }
}

fn article(noun: &str) -> String {
    let an = noun.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {noun}", if an { "an" } else { "a" })
}

/// Returns what an id names if that is certainly something else than what is wanted.
fn other_resource(wanted: &Resource, text: &str) -> Option<&'static Resource> {
    if check_id(text).is_err() || wanted.prefixes.is_empty() {
        return None;
    }
    Resource::of_id(text).filter(|other| *other != wanted)
}

/// Recognizes text that a script leaves in place of a missing name: a sign of a broken pipe or an empty variable.
pub fn slip(text: &str) -> Option<String> {
    const WORDS: [&str; 7] = ["null", "nil", "none", "undefined", "nan", "true", "false"];
    if text.is_empty() {
        return Some("empty".to_owned());
    }
    let word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    (word || text.starts_with('-')).then(|| {
        let start: String = text.chars().take(80).collect();
        format!("{start:?}")
    })
}

fn refuse(of: &Resource, spelled: &str, text: &str, reason: &str) -> Box<Problem> {
    let failure = Problem::usage(format!("{spelled}: {reason}"));
    match of {
        _ if matches!(text, "true" | "false") => failure.hint(
            "write the value of a switch with an equals sign, such as --banned=false",
        ),
        Resource::USER => failure.hint(
            "name a user by id, email address, +phone or username, or by email: phone: username: ext: query: and a value",
        ),
        Resource::ORGANIZATION => failure.hint("name an organization by its id (org_…) or its slug"),
        _ => failure,
    }
}

fn user(text: &str) -> Option<Reference> {
    if text.len() > LONGEST || text.chars().any(char::is_control) {
        return None;
    }
    for (prefix, by) in PREFIXES {
        if let Some(value) = text.strip_prefix(prefix) {
            let value = value.trim();
            return (!value.is_empty()).then(|| by_key(by, value));
        }
    }
    // No URL is made of it, but a name with these in it is a path that went astray (reliability.md 7.5).
    if is_email(text) && !text.contains(['/', '?', '#']) {
        return Some(by_key(UserKey::Email, text));
    }
    if is_phone(text) {
        return Some(by_key(UserKey::Phone, text));
    }
    // An id that is misspelled must not become a search for a username.
    let word = !text.starts_with("user_") && is_username(text);
    word.then(|| by_key(UserKey::Username, text))
}

fn by_key(by: UserKey, value: &str) -> Reference {
    Reference::User {
        by,
        value: value.to_owned(),
    }
}

/// Characters of names. None of them makes a path, an address, a number or a hidden character.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || " .,'’&()!+-_".contains(c)
}

fn is_username(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Whether a text is an id of the general grammar.
pub fn is_id(text: &str) -> bool {
    check_id(text).is_ok()
}

#[cfg(test)]
mod tests {
    use clerk_api::ops::find;

    use super::*;

    fn read(id: &str, text: &str) -> Outcome<Reference> {
        let field = find(id)
            .unwrap()
            .meta
            .fields
            .iter()
            .find(|field| matches!(field.kind, Kind::Id { .. }));
        Reference::read(field.unwrap(), "<USER_ID>", text)
    }

    #[test]
    fn a_user_has_many_names() {
        let by = |text: &str| match read("users.get", text).unwrap() {
            Reference::Ready(id) => format!("id {id}"),
            Reference::User { by, value } => format!("{by:?} {value}"),
            Reference::Slug(slug) => format!("slug {slug}"),
        };
        insta::assert_debug_snapshot!(
            ["user_2abc", "ada@example.com", "+15551234567", "ada-l", "email:a@b.c", "username:user_x", "external_id:a/b", "ext:a/b", "query:Ada L", "ada_l"].map(by),
            @r#"
        [
            "id user_2abc",
            "Email ada@example.com",
            "Phone +15551234567",
            "Username ada-l",
            "Email a@b.c",
            "Username user_x",
            "ExternalId a/b",
            "ExternalId a/b",
            "Query Ada L",
            "Username ada_l",
        ]
        "#
        );
    }

    #[test]
    fn an_organization_has_a_slug_too_and_get_takes_it_as_it_is() {
        assert_eq!(
            read("organizations.update", "engineering").unwrap(),
            Reference::Slug("engineering".into())
        );
        assert_eq!(
            read("organizations.get", "engineering").unwrap(),
            Reference::Ready("engineering".into())
        );
        assert_eq!(
            read("organizations.update", "org_2abc").unwrap(),
            Reference::Ready("org_2abc".into())
        );
    }

    #[test]
    fn the_id_of_another_kind_is_a_mistake() {
        let message = |id, text| read(id, text).unwrap_err().message;
        assert_eq!(
            message("users.get", "org_2abc"),
            "<USER_ID>: org_2abc is the id of an organization, not of a user"
        );
        assert!(read("organizations.update", "user_2abc").is_err());
        assert!(read("application_invitations.revoke", "user_2abc").is_err());
    }

    #[test]
    fn what_a_person_wrote_can_be_a_name() {
        let by_name = |id: &str, text: &str| {
            let fields = find(id).unwrap().meta.fields.iter();
            let mut fields = fields.filter(|field| matches!(field.kind, Kind::Id { .. }));
            Reference::by_name(fields.next().unwrap(), text)
        };
        let named = Some(by_key(UserKey::Name, "Ada L"));
        assert_eq!(by_name("users.get", "Ada L"), named);
        let acme = Some(Reference::Slug("Acme & Sons".to_owned()));
        assert_eq!(by_name("organizations.update", "Acme & Sons"), acme);
        for text in [
            "",
            " ",
            "a/b",
            "../x y",
            "x\u{202e}y z",
            "user_a b",
            "org_a b",
            "null",
            "-x y",
            "a%2F b",
            "a\nb c",
        ] {
            assert_eq!(by_name("users.get", text), None, "{text:?}");
        }
        for text in [
            "",
            "..",
            "a/b",
            "org_Ä",
            "user_2abc",
            "x\u{202e}y",
            "undefined",
        ] {
            assert_eq!(by_name("organizations.update", text), None, "{text:?}");
        }
        assert_eq!(by_name("sessions.get", "Ada L"), None);
    }

    #[test]
    fn reliability_7_5_hostile_texts_name_nothing() {
        let long = "a".repeat(10_000);
        for text in [
            "",
            ".",
            "..",
            "a/b",
            "%2F",
            "../x",
            "user_",
            "user_a b",
            "user_ä",
            "a b",
            "query:",
            "email:\n",
            "true",
            "false",
            "a@",
            "@b",
            "a@b/c",
            "x\u{202e}y",
            "ada\n",
            "+",
            "+1x",
            &long,
        ] {
            let failure = read("users.get", text).unwrap_err();
            assert_eq!(failure.kind, crate::problem::ProblemKind::Usage, "{text:?}");
            assert!(failure.message.len() < 400, "{}", failure.message);
        }
        for text in ["", ".", "..", "a/b", "%2F", "../x", "Acme", &long] {
            assert!(read("organizations.get", text).is_err(), "{text:?}");
            assert!(read("organizations.update", text).is_err(), "{text:?}");
        }
    }
}
