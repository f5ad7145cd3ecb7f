//! A condition over an object of the API, in the language of `--where` over rows.

use clerk_api_admin::problem::Outcome;
use minijinja::Value;

use super::expression::{LENIENT, misspelled, reason, value_of_json};

/// A compiled condition.
#[derive(Debug)]
pub struct Condition(minijinja::Expression<'static, 'static>);

impl Condition {
    /// Compiles a condition such as `public_metadata.plan == "pro"`.
    ///
    /// # Errors
    /// It is misspelled.
    pub fn read(source: &str) -> Outcome<Self> {
        let source = source.trim().to_owned();
        let compiled = LENIENT.compile_expression_owned(source.clone());
        let compiled = compiled.map_err(|error| misspelled("--where", &source, &error))?;
        Ok(Self(compiled))
    }

    /// Whether it holds for an object; its members are names, and `row` is the object itself.
    ///
    /// # Errors
    /// Why it cannot be computed.
    pub fn holds(&self, object: &serde_json::Value) -> Result<bool, String> {
        let row = value_of_json(object);
        let members = object.as_object().into_iter().flatten();
        let names = members.map(|(name, value)| (name.clone(), value_of_json(value)));
        let context = Value::from_pairs(names.chain([("row".to_owned(), row)]));
        let value = self.0.eval(context).map_err(|error| reason(&error))?;
        Ok(value.is_true())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_condition_sees_the_whole_object() {
        let ada = json!({"first_name": "Ada", "last_sign_in_at": null, "public_metadata": {"plan": "pro", "seats": 3, "tags": ["a"]}});
        let holds = |source: &str| Condition::read(source).unwrap().holds(&ada);
        for source in [
            "public_metadata.plan == \"pro\"",
            "public_metadata.seats > 2 and first_name == \"Ada\"",
            "last_sign_in_at is none",
            "\"a\" in public_metadata.tags",
            "row[\"first_name\"] | lower == \"ada\"",
            "not private_metadata.x",
        ] {
            assert_eq!(holds(source), Ok(true), "{source}");
        }
        assert_eq!(holds("public_metadata.plan == \"free\""), Ok(false));
        assert_eq!(holds("gone.deeper == 1"), Ok(false));
        assert!(Condition::read("plan = \"pro\"").is_err());
        assert!(Condition::read("plan ==").is_err());
    }
}
