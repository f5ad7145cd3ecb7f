//! One member of a response's object.

use super::field::wire_name;

/// One member of a response's object, as its model declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The API's name.
    pub name: &'static str,
    /// Whether its value grants access, such as a token or the link of an invitation: do not show it.
    pub secret: bool,
}

impl Member {
    /// A member whose value grants access.
    pub(crate) const fn hidden(name: &'static str) -> Self {
        Self { name, secret: true }
    }

    /// A member by its identifier and its type's text: values of `SecretText` are secrets.
    pub(crate) const fn new(ident: &'static str, ty: &'static str) -> Self {
        Self {
            name: wire_name(ident),
            secret: same(ty, "SecretText") || same(ty, "Vec<SecretText>"),
        }
    }
}

/// Whether two texts are the same, for constants.
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
