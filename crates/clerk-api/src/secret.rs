//! The secret key: checked, never printed, wiped from memory when dropped.

use std::fmt;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use http::HeaderValue;
use zeroize::Zeroizing;

/// Why a text is not a secret key.
///
/// It never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Neither `sk_test_` nor `sk_live_` stands in front.
    #[error("a secret key begins with sk_test_ or sk_live_")]
    Prefix,
    /// The rest has a length that no key has.
    #[error("a secret key has 10 to 256 characters after its prefix")]
    Length,
    /// It stands in quotes.
    #[error("it is in quotes, which are not part of a key")]
    Quotes,
    /// It begins with a variable's name, as in `export NAME=sk_test_…`.
    #[error("it begins with a name and =; only what follows the = is the key")]
    Assignment,
    /// Something else stands in front.
    #[error("there is something before sk_, but a key begins with sk_")]
    Preceded,
    /// A blank or a line break, within or around it.
    #[error("it contains a space or a line break")]
    Blank,
    /// Dots or stars replace its characters, as on a web page.
    #[error("it is masked: dots or stars replace some of its characters")]
    Masked,
    /// A publishable key.
    #[error("it is a publishable key (pk_…)")]
    Publishable,
    /// A key of the platform API.
    #[error("it is a key of Clerk's platform API (ak_…)")]
    Platform,
    /// The signing secret of a webhook.
    #[error("it is the signing secret of a webhook (whsec_…)")]
    Webhook,
    /// Another character that no key has.
    #[error("it contains a character that keys do not have")]
    Character,
}

/// A secret key, `sk_test_…` or `sk_live_…`.
///
/// It has no `Display`, and `Debug` shows the prefix only.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// Checks a key: `sk_test_` or `sk_live_` and 10 to 256 characters of `A-Z a-z 0-9 _ + / = -`.
    ///
    /// A byte order mark in front and one line break at the end are dropped.
    ///
    /// # Errors
    /// When the text cannot be a key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        let tail = PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix));
        let tail = tail.ok_or_else(|| why_not_in_front(text))?;
        if let Some(odd) = tail
            .chars()
            .find(|c| !(c.is_ascii_alphanumeric() || "_+/=-".contains(*c)))
        {
            return Err(why_not(odd));
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

const PREFIXES: [&str; 2] = ["sk_test_", "sk_live_"];

const fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '`' | '“' | '”' | '„' | '‘' | '’' | '«' | '»'
    )
}

/// What is wrong with a text that does not begin as a key does.
fn why_not_in_front(text: &str) -> KeyError {
    let bare = text.trim_start_matches(|c: char| is_quote(c) || c.is_whitespace());
    let others = [
        ("pk_", KeyError::Publishable),
        ("ak_", KeyError::Platform),
        ("whsec_", KeyError::Webhook),
    ];
    if let Some((_, error)) = others.iter().find(|(prefix, _)| bare.starts_with(prefix)) {
        return *error;
    }
    let start = PREFIXES.iter().filter_map(|prefix| text.find(prefix)).min();
    match start.map(|start| &text[..start]) {
        None => KeyError::Prefix,
        Some(front) if front.contains('=') => KeyError::Assignment,
        Some(front) if front.contains(is_quote) => KeyError::Quotes,
        Some(front) if front.trim().is_empty() => KeyError::Blank,
        Some(_) => KeyError::Preceded,
    }
}

/// What a character says that no key has.
const fn why_not(odd: char) -> KeyError {
    match odd {
        _ if is_quote(odd) => KeyError::Quotes,
        _ if odd.is_whitespace() => KeyError::Blank,
        '*' | '•' | '●' | '·' | '…' | '.' => KeyError::Masked,
        _ => KeyError::Character,
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
        for (text, error) in [
            ("pk_test_abcdefghij", KeyError::Publishable),
            ("'pk_test_abcdefghij'", KeyError::Publishable),
            ("ak_abcdefghij", KeyError::Platform),
            ("whsec_abcdefghij", KeyError::Webhook),
            ("secret", KeyError::Prefix),
            ("", KeyError::Prefix),
            ("sk_test_short", KeyError::Length),
            ("\"sk_test_abcdefghij\"", KeyError::Quotes),
            ("'sk_test_abcdefghij'", KeyError::Quotes),
            ("“sk_test_abcdefghij”", KeyError::Quotes),
            ("sk_test_abcdefghij\"", KeyError::Quotes),
            (
                "export CLERK_SECRET_KEY=sk_test_abcdefghij",
                KeyError::Assignment,
            ),
            (
                "CLERK_SECRET_KEY=\"sk_test_abcdefghij\"",
                KeyError::Assignment,
            ),
            ("Bearer sk_test_abcdefghij", KeyError::Preceded),
            ("key: sk_test_abcdefghij", KeyError::Preceded),
            (" sk_test_abcdefghij", KeyError::Blank),
            ("sk_test_abcdefghij ", KeyError::Blank),
            ("sk_test_abcdefghij\n\n", KeyError::Blank),
            ("sk_test_abcde\nfghij", KeyError::Blank),
            ("sk_test_abcdefghij\r\nX-Evil: 1", KeyError::Blank),
            ("sk_test_••••••••••", KeyError::Masked),
            ("sk_test_abc**********", KeyError::Masked),
            ("sk_test_abcdefghij;", KeyError::Character),
            ("sk_test_abcdefghij\u{fffd}", KeyError::Character),
        ] {
            assert_eq!(SecretKey::parse(text).unwrap_err(), error, "{text:?}");
        }
    }

    #[test]
    fn reliability_8_5_what_editors_put_around_a_key_is_dropped() {
        let key = SecretKey::parse("sk_test_abcdefghij").unwrap();
        for text in [
            "sk_test_abcdefghij\r\n",
            "\u{feff}sk_test_abcdefghij",
            "\u{feff}sk_test_abcdefghij\r\n",
        ] {
            assert!(SecretKey::parse(text).unwrap().same_as(&key), "{text:?}");
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
