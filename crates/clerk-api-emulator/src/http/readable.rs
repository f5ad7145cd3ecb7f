//! Which bodies are let in: what could not be read again once it is stored is refused.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::error::{self, ApiError};

/// How deep a body may be nested. What is stored of it is read again within other objects, where JSON ends at 128.
const DEEPEST: u8 = 100;

/// Refuses at the door what could be stored but not be read again: half a surrogate pair, too many levels, no JSON.
pub(crate) fn check_readable(bytes: &[u8]) -> Result<(), ApiError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    Level(DEEPEST)
        .deserialize(&mut json)
        .and_then(|()| json.end())
        .map_err(|error| {
            error::body_invalid(format!("The request body cannot be read as JSON: {error}."))
        })
}

/// Reads a value of any kind and keeps nothing of it; below it there may be so many levels.
struct Level(u8);

impl Level {
    fn below<E: serde::de::Error>(&self) -> Result<u8, E> {
        let below = self.0.checked_sub(1);
        below.ok_or_else(|| E::custom(format_args!("it has more than {DEEPEST} levels")))
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let below = self.below()?;
        while items.next_element_seed(Self(below))?.is_some() {}
        Ok(())
    }

    /// Numbers that are no such whole ones come this way too, as they may have any size.
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let below = self.below()?;
        while fields.next_key_seed(Self(0))?.is_some() {
            fields.next_value_seed(Self(below))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_again_is_refused() {
        // reliability 2.10, 11
        let nested = |levels: usize| format!("{}\"x\"{}", "[".repeat(levels), "]".repeat(levels));
        for good in [
            r#"{"a":"\ud83d\ude00","n":1e400,"b":[true,null,-0.50]}"#,
            "[]",
            " \"\" ",
            &nested(100),
        ] {
            check_readable(good.as_bytes()).expect(good);
        }
        for bad in [
            r#"{"a":"\ud83d"}"#,
            r#"{"a":["\ude00x"]}"#,
            r#"{"\ud83d":1}"#,
            "{} {}",
            "{\"a\":}",
            &nested(101),
            &nested(100_000),
        ] {
            let error = check_readable(bad.as_bytes()).expect_err("is refused");
            assert_eq!(error.status(), 400);
        }
        assert!(check_readable(b"\"\xff\"").is_err());
    }
}
