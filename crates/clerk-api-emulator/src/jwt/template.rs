//! Claims of JWT templates: shortcodes such as `{{user.id}}` and what they stand for.

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::Claims;
use super::claims::{Bearer, Place};
use crate::http::error::ApiError;
use crate::resource::jwt_templates::wire::JwtTemplate;
use crate::resource::memberships::rows as memberships;
use crate::resource::users::rows as users;
use crate::resource::users::wire::User;

/// Claims that every token has or that only a session's has; a template may not name them.
pub(crate) const RESERVED: [&str; 11] = [
    "azp", "exp", "iat", "iss", "jti", "nbf", "sub", "sid", "v", "pla", "fea",
];

/// What shortcodes can name, by the first part of their path.
#[derive(Debug)]
struct Context {
    user: Value,
    org: Value,
    membership: Value,
    session: Value,
}

/// Returns the claims of a template, filled for whom the token is for.
pub(crate) fn claims(
    db: &Connection,
    bearer: &Bearer,
    template: &JwtTemplate,
) -> Result<Claims, ApiError> {
    let (seq, user) = users::load(db, &bearer.session.user_id)?;
    // Only this shortcode needs another query.
    let organizations = if template.claims.get().contains("user.organizations") {
        memberships::roles_of(db, seq)?
    } else {
        Map::new()
    };
    let claims: Claims = serde_json::from_str(template.claims.get())?;
    Ok(Context::of(bearer, &user, organizations)?.fill(&claims))
}

impl Context {
    /// `organizations` are the keys of the user's roles by organization.
    fn of(
        bearer: &Bearer,
        user: &User,
        organizations: Map<String, Value>,
    ) -> Result<Self, ApiError> {
        let (org, membership) = match &bearer.place {
            None => (Value::Null, Value::Null),
            Some(place) => (organization(place)?, membership(place)?),
        };
        let mut session = Map::new();
        session.insert("id".to_owned(), bearer.session.id.as_str().into());
        let actor = bearer.session.actor.as_ref();
        let actor = actor.map(|raw| serde_json::from_str(raw.get()));
        session.insert("actor".to_owned(), actor.transpose()?.unwrap_or_default());
        Ok(Self {
            user: self::user(user, organizations)?,
            org,
            membership,
            session: session.into(),
        })
    }

    /// Returns the claims with every shortcode replaced.
    fn fill(&self, claims: &Claims) -> Claims {
        let filled = claims.iter();
        filled
            .map(|(name, value)| (name.clone(), self.value(value)))
            .collect()
    }

    fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => self.fill(fields).into(),
            other => other.clone(),
        }
    }

    /// One shortcode alone keeps the type of what it stands for; within other text it becomes text.
    fn text(&self, text: &str) -> Value {
        let alone = text.trim().strip_prefix("{{");
        let alone = alone.and_then(|rest| rest.strip_suffix("}}"));
        if let Some(expression) = alone.filter(|inner| !inner.contains("{{")) {
            return self.expression(expression).unwrap_or_else(|| text.into());
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, code)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((expression, after)) = code.split_once("}}") else {
                out.push_str("{{");
                rest = code;
                continue;
            };
            match self.expression(expression) {
                Some(Value::String(text)) => out.push_str(&text),
                Some(value) => out.push_str(&value.to_string()),
                None => out.extend(["{{", expression, "}}"]),
            }
            rest = after;
        }
        out.push_str(rest);
        out.into()
    }

    /// Returns the first of the alternatives that is neither null nor false, else the last; `None` if one of them
    /// is no shortcode, so that the text stays as it is.
    fn expression(&self, text: &str) -> Option<Value> {
        let operands: Option<Vec<Value>> = alternatives(text)
            .into_iter()
            .map(|operand| self.operand(operand.trim()))
            .collect();
        let mut operands = operands?;
        let last = operands.pop()?;
        let empty = |value: &Value| matches!(value, Value::Null | Value::Bool(false));
        Some(
            operands
                .into_iter()
                .find(|value| !empty(value))
                .unwrap_or(last),
        )
    }

    fn operand(&self, text: &str) -> Option<Value> {
        let literal = text.strip_prefix('\'');
        if let Some(inner) = literal.and_then(|rest| rest.strip_suffix('\'')) {
            return Some(inner.into());
        }
        if let Ok(value @ (Value::Bool(_) | Value::Number(_))) = serde_json::from_str(text) {
            return Some(value);
        }
        let mut path = text.split('.');
        let mut value = match path.next()? {
            "user" => &self.user,
            "org" => &self.org,
            "org_membership" => &self.membership,
            "session" => &self.session,
            _ => return None,
        };
        // What has no such part is null.
        for part in path {
            value = value.get(part).unwrap_or(&Value::Null);
        }
        Some(value.clone())
    }
}

/// Splits at `||`, but not within quotes.
fn alternatives(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'|' if !quoted && at >= start && text[at..].starts_with("||") => {
                parts.push(&text[start..at]);
                start = at + 2;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn user(user: &User, organizations: Map<String, Value>) -> Result<Value, ApiError> {
    let names = [&user.first_name, &user.last_name];
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    let full = (!names.is_empty()).then(|| names.join(" "));
    let email = user.primary_email();
    let phone = user.primary_phone();
    let verified = |id: Option<&String>| id.and_then(|id| user.is_verified(id)).unwrap_or(false);
    let fields = [
        ("id", Value::from(user.id.as_str())),
        ("external_id", user.external_id.as_deref().into()),
        ("username", user.username.as_deref().into()),
        ("first_name", user.first_name.as_deref().into()),
        ("last_name", user.last_name.as_deref().into()),
        ("full_name", full.into()),
        ("image_url", user.image_url.as_str().into()),
        ("has_image", user.has_image.into()),
        (
            "primary_email_address",
            email.map(|email| email.email_address.as_str()).into(),
        ),
        (
            "primary_phone_number",
            phone.map(|phone| phone.phone_number.as_str()).into(),
        ),
        (
            "primary_web3_wallet",
            user.primary_wallet()
                .map(|wallet| wallet.web3_wallet.as_str())
                .into(),
        ),
        (
            "email_verified",
            verified(email.map(|email| &email.id)).into(),
        ),
        (
            "phone_number_verified",
            verified(phone.map(|phone| &phone.id)).into(),
        ),
        ("two_factor_enabled", user.two_factor_enabled.into()),
        ("created_at", seconds(Some(user.created_at))),
        ("updated_at", seconds(Some(user.updated_at))),
        ("last_sign_in_at", seconds(user.last_sign_in_at)),
        (
            "public_metadata",
            serde_json::from_str(user.public_metadata.get())?,
        ),
        (
            "unsafe_metadata",
            serde_json::from_str(user.unsafe_metadata.get())?,
        ),
        ("organizations", organizations.into()),
    ];
    Ok(object(fields))
}

/// Times in tokens are seconds.
fn seconds(millis: Option<i64>) -> Value {
    millis.map(|millis| millis.div_euclid(1_000)).into()
}

fn organization(place: &Place) -> Result<Value, ApiError> {
    let organization = &place.organization;
    Ok(object([
        ("id", organization.id.as_str().into()),
        ("name", organization.name.as_str().into()),
        ("slug", organization.slug.as_deref().into()),
        ("image_url", organization.image_url.as_str().into()),
        ("has_image", organization.has_image.into()),
        ("role", place.role.key.as_str().into()),
        (
            "public_metadata",
            serde_json::from_str(organization.public_metadata.get())?,
        ),
    ]))
}

fn membership(place: &Place) -> Result<Value, ApiError> {
    let permissions = place.role.permissions.iter();
    Ok(object([
        ("role", place.role.key.as_str().into()),
        (
            "permissions",
            permissions
                .map(|one| Value::from(one.key.as_str()))
                .collect(),
        ),
        (
            "public_metadata",
            serde_json::from_str(place.membership.public_metadata.get())?,
        ),
    ]))
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json::value::RawValue;

    use super::*;
    use crate::resource::sessions::wire::Session;

    fn context() -> Context {
        let mut user = User::new("user_1".to_owned(), 1_227_618_844_999);
        user.first_name = Some("Maria".to_owned());
        let raw = r#"{"profile":{"interests":["reading"],"big":12345678901234567890123},"age":0}"#;
        user.public_metadata = RawValue::from_string(raw.to_owned()).expect("JSON");
        let session = Session::new(
            "sess_1".to_owned(),
            "client_1".to_owned(),
            "user_1".to_owned(),
            1,
        );
        let bearer = Bearer {
            session,
            place: None,
        };
        Context::of(&bearer, &user, Map::new()).expect("readable")
    }

    #[test]
    fn shortcodes_stand_for_values_of_any_type() {
        let cases = [
            ("{{user.id}}", json!("user_1")),
            ("{{ user.first_name }}", json!("Maria")),
            ("{{user.last_name}}", Value::Null),
            ("{{user.full_name}}", json!("Maria")),
            ("{{user.created_at}}", json!(1_227_618_844)),
            ("{{user.email_verified}}", json!(false)),
            (
                "{{user.public_metadata.profile.interests}}",
                json!(["reading"]),
            ),
            ("{{user.i_dont_exist}}", Value::Null),
            ("{{user.private_metadata}}", Value::Null),
            (
                "{{user.public_metadata.profile.nothing.below}}",
                Value::Null,
            ),
            ("{{org.id}}", Value::Null),
            ("{{session.actor}}", Value::Null),
            // The first part must be one that there is.
            ("{{organization.id}}", json!("{{organization.id}}")),
            ("{{}}", json!("{{}}")),
            ("plain", json!("plain")),
        ];
        for (text, value) in cases {
            assert_eq!(context().text(text), value, "{text}");
        }
        let big = context().text("{{user.public_metadata.profile.big}}");
        assert_eq!(big.to_string(), "12345678901234567890123");
    }

    #[test]
    fn within_text_they_become_text() {
        let cases = [
            ("{{user.last_name}} {{user.first_name}}", "null Maria"),
            ("id:{{user.id}}", "id:user_1"),
            (
                "{{user.public_metadata.profile.interests}}!",
                "[\"reading\"]!",
            ),
            (
                "{{user.id}} {{team.id}} {{user.id",
                "user_1 {{team.id}} {{user.id",
            ),
        ];
        for (text, value) in cases {
            assert_eq!(context().text(text), json!(value), "{text}");
        }
    }

    #[test]
    fn alternatives_fall_through_null_and_false() {
        let cases = [
            ("{{user.last_name || 'Doe || Roe'}}", json!("Doe || Roe")),
            ("{{user.email_verified || user.has_image}}", json!(false)),
            ("{{user.email_verified || true}}", json!(true)),
            ("{{user.public_metadata.age || 30}}", json!(0)),
            (
                "{{user.public_metadata.size || user.unsafe_metadata.size || 30 }}",
                json!(30),
            ),
            (
                "Dear {{user.last_name || user.first_name}}",
                json!("Dear Maria"),
            ),
        ];
        for (text, value) in cases {
            assert_eq!(context().text(text), value, "{text}");
        }
    }

    #[test]
    fn claims_are_filled_at_any_depth() {
        let claims = json!({"a": {"b": ["{{user.id}}", 1, null]}, "{{user.id}}": true});
        let claims = claims.as_object().expect("an object");
        let filled = json!({"a": {"b": ["user_1", 1, null]}, "{{user.id}}": true});
        assert_eq!(Value::from(context().fill(claims)), filled);
    }
}
