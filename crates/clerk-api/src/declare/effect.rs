//! The facts of an operation that are one of a few words: method, effect, class, paging, form.

/// The HTTP method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Verb {
    /// The method as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What a call does to the instance; retries and confirmation follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Reads only.
    Read,
    /// Changes an object; repeating it gives the same end state.
    Update,
    /// Replaces something whole or takes something away that cannot be put back as it was; repeatable.
    Replace,
    /// Puts a new secret in place of one that is gone then: never repeated while in doubt, since only the response shows the new one.
    Rotate,
    /// Destroys an object for good; repeatable.
    Destroy,
    /// Creates an object; guarded where the server keeps one of its keys unique.
    Create,
    /// Creates an object and sends mail to a person.
    Mail,
    /// Uses something up, such as a backup code: never repeated while in doubt.
    Once,
}

/// The class of a request, which decides what may be repeated after a failure.
///
/// Reads and idempotent writes are sent again. A create is looked up first and sent again only where the API would refuse a second
/// one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// Class R: a read.
    Read,
    /// Class I: repeating it gives the same end state.
    Idempotent,
    /// Class K: a create guarded by a key that the server keeps unique.
    Keyed,
    /// Class N: a create without such a key, or one that mails a person.
    Unkeyed,
}

/// How a list is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// The response is one object, or a list that comes whole.
    None,
    /// By `limit` and `offset`.
    Offset,
    /// By `limit` and `starting_after`; only users have it (spec: `GetUserList`).
    Cursor,
}

/// What a success looks like from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// One JSON object.
    Object,
    /// A bare array, or an object with the array under `data`.
    List,
    /// Nothing that anybody reads (204).
    Nothing,
    /// Any object or array, or an empty body: the response of a raw call.
    Any,
}
