//! One thing that a rule found, and how it is recognized again.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::cell::{Cell, Cells};

/// What stays the same as long as a rule finds the same: made from the rule and what the finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Makes it from the rule's id, and the names and values that a finding is about.
    #[must_use]
    pub fn new<'a>(rule: &str, about: impl Iterator<Item = (&'a str, Cell<'a>)>) -> Self {
        let mut digest = Sha256::new();
        // The length in front keeps one text from running into the next.
        let mut add = |text: &str| digest.update(format!("{}:{text}\n", text.len()));
        add(rule);
        for (name, value) in about {
            add(name);
            add(&value.into_shown());
        }
        let digest = digest.finalize();
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        Self(short)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 32];
        for (two, byte) in text.chunks_exact_mut(2).zip(self.0) {
            two[0] = DIGITS[usize::from(byte >> 4)];
            two[1] = DIGITS[usize::from(byte & 15)];
        }
        f.write_str(str::from_utf8(&text).unwrap_or_default())
    }
}

impl FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no fingerprint");
        if text.len() != 32 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 16];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// One thing that a rule found: a row of its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The values of the row, in the order of the rule's columns.
    pub cells: Cells,
    /// How it is recognized again.
    pub fingerprint: Fingerprint,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_follows_from_rule_and_ids_and_is_the_same_in_every_version() {
        let of = |rule: &str, id: &str| {
            let cell = Cell::Text(id.into());
            Fingerprint::new(rule, [("user_id", cell)].into_iter()).to_string()
        };
        assert_eq!(
            of("admin-dormant", "user_1"),
            "754cb4f71f84cb090c20e1cf04b83a23"
        );
        assert_ne!(of("admin-dormant", "user_1"), of("admin-of-many", "user_1"));
        assert_ne!(of("admin-dormant", "user_1"), of("admin-dormant", "user_2"));
        let text = of("admin-dormant", "user_1");
        assert_eq!(text.parse::<Fingerprint>().unwrap().to_string(), text);
        assert!("xyz".parse::<Fingerprint>().is_err());
    }
}
