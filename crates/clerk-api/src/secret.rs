//! The secret key: checked, never printed, wiped from memory when dropped.

use std::fmt;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use http::HeaderValue;
use zeroize::Zeroizing;

/// Why a text is not a secret key. It never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither `sk_test_` nor `sk_live_` stands in front.
    #[error("a secret key begins with sk_test_ or sk_live_")]
    Prefix,
    /// The rest has a length that no key has.
    #[error("a secret key has 10 to 256 characters after its prefix")]
    Length,
    /// A character that no key has, such as a space or a line break.
    #[error("the secret key holds a character that no key has (a space, a quote or a line break?)")]
    Character,
}

/// A secret key, `sk_test_…` or `sk_live_…`. It has no `Display`, and `Debug` shows the prefix only.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// Checks a key; one line break at its end is dropped (reliability.md 7.2).
    ///
    /// # Errors
    /// When the text cannot be a key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        let tail = text
            .strip_prefix("sk_test_")
            .or_else(|| text.strip_prefix("sk_live_"))
            .ok_or(KeyError::Prefix)?;
        if !tail
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+/=-".contains(&b))
        {
            return Err(KeyError::Character);
        }
        if !(10..=256).contains(&tail.len()) {
            return Err(KeyError::Length);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// Whether the key belongs to a production instance.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.0.starts_with("sk_live_")
    }

    /// The prefix, `sk_test_` or `sk_live_`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.0[..8]
    }

    /// Eight hexadecimal digits that tell keys apart without showing them.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(self.0.as_str());
        format!("{:08x}", hash & 0xffff_ffff)
    }

    /// Whether both are the same key.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// The key itself, for those who must recognize it to keep it out of what they write.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The `Authorization` header, marked sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        let text = Zeroizing::new(format!("Bearer {}", self.0.as_str()));
        let mut value =
            HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.prefix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_7_2_only_keys_are_keys() {
        assert!(SecretKey::parse("sk_test_abcdefghij").is_ok());
        assert!(SecretKey::parse("sk_live_abcdefghij\n").unwrap().is_live());
        assert_eq!(
            SecretKey::parse("pk_test_abcdefghij").unwrap_err(),
            KeyError::Prefix
        );
        assert_eq!(
            SecretKey::parse("sk_test_short").unwrap_err(),
            KeyError::Length
        );
        for text in [
            "sk_test_abcdefghij\n\n",
            "sk_test_abcde\nfghij",
            "sk_test_abcdefghij ",
            "sk_test_abcdefghij\r\nX-Evil: 1",
        ] {
            assert_eq!(
                SecretKey::parse(text).unwrap_err(),
                KeyError::Character,
                "{text:?}"
            );
        }
    }

    #[test]
    fn reliability_p3_debug_shows_no_more_than_the_prefix() {
        let key = SecretKey::parse("sk_test_CANARYCANARY").unwrap();
        assert_eq!(format!("{key:?}"), "sk_test_…");
        assert_eq!(key.fingerprint().len(), 8);
        assert!(key.header().is_sensitive());
    }
}
