//! Tokens that let their holder in once: sign-in tokens and actor tokens.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::id::Ids;
use crate::resource::invitations::wire::LINK;

/// The user that a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The user.
    SignIn,
    /// Somebody who acts as the user.
    Actor,
}

impl Kind {
    pub(crate) fn object(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in_token",
            Self::Actor => "actor_token",
        }
    }

    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::SignIn => "sit",
            Self::Actor => "act",
        }
    }
}

/// What has become of a token. Nothing says that one has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Pending,
    Accepted,
    Revoked,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) user_id: String,
    /// Only of actor tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) actor: Option<Box<RawValue>>,
    pub(crate) token: String,
    /// Empty where it is stored.
    pub(crate) url: String,
    pub(crate) status: Status,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl AccessToken {
    pub(crate) fn new(kind: Kind, id: String, user_id: String, ids: &Ids, now: i64) -> Self {
        Self {
            object: Cow::Borrowed(kind.object()),
            id,
            user_id,
            actor: None,
            token: ids.secret(),
            url: String::new(),
            status: Status::Pending,
            created_at: now,
            updated_at: now,
        }
    }

    /// Writes the link with the address of the server that answers, which is another one for each process.
    pub(crate) fn at(mut self, server: &str) -> Self {
        self.url = format!("{server}{LINK}{}", self.token);
        self
    }
}
