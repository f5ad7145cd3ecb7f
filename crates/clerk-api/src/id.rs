//! Object ids: newtypes that are checked before they reach a URL.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text cannot be an id or a slug; says what was wrong and quotes at most 80 characters of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{shown:?} is not {what}: {reason}")]
pub struct IdError {
    shown: String,
    what: &'static str,
    reason: &'static str,
}

impl IdError {
    pub(crate) fn new(text: &str, what: &'static str, reason: &'static str) -> Self {
        let shown = text.chars().take(80).collect();
        Self {
            shown,
            what,
            reason,
        }
    }
}

/// Checks the id grammar `[a-z][a-z0-9_]{0,31}_[A-Za-z0-9]{1,64}`; nothing else may become a path segment.
///
/// # Errors
/// When the text is not an id.
pub fn check_id(text: &str) -> Result<(), IdError> {
    let fail = |reason| Err(IdError::new(text, "an id", reason));
    if text.is_empty() {
        return fail("it is empty");
    }
    let Some((prefix, tail)) = text.rsplit_once('_') else {
        return fail(
            "an id looks like user_2abc: a lower-case prefix, an underscore, letters and digits",
        );
    };
    let prefix_ok = (1..=32).contains(&prefix.len())
        && prefix.starts_with(|c: char| c.is_ascii_lowercase())
        && prefix
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let tail_ok = (1..=64).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_alphanumeric());
    if prefix_ok && tail_ok {
        Ok(())
    } else {
        fail(
            "an id looks like user_2abc: a lower-case prefix, an underscore, 1 to 64 letters and digits",
        )
    }
}

/// Checks the slug grammar `[a-z0-9-]{1,64}`.
///
/// # Errors
/// When the text is not a slug.
pub fn check_slug(text: &str) -> Result<(), IdError> {
    let ok = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if ok {
        Ok(())
    } else {
        Err(IdError::new(
            text,
            "an id or a slug",
            "a slug has 1 to 64 lower-case letters, digits and hyphens",
        ))
    }
}

/// Checks a provider name such as `oauth_google`: `[a-z0-9_-]{1,64}`.
///
/// # Errors
/// When the text is not the name of a provider.
pub fn check_provider(text: &str) -> Result<(), IdError> {
    let ok = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    if ok {
        Ok(())
    } else {
        Err(IdError::new(
            text,
            "a provider",
            "a provider looks like oauth_google",
        ))
    }
}

/// Checks the name of a JWT template: `[A-Za-z0-9_-]{1,64}`.
///
/// # Errors
/// When the text is not the name of a template.
pub fn check_template_name(text: &str) -> Result<(), IdError> {
    let ok = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if ok {
        Ok(())
    } else {
        Err(IdError::new(
            text,
            "the name of a template",
            "it has 1 to 64 letters, digits, hyphens and underscores",
        ))
    }
}

/// Checks the key of a role set, `role_set:[a-z0-9_]{1,64}`, or an id.
///
/// # Errors
/// When the text is not a role set.
pub fn check_role_set(text: &str) -> Result<(), IdError> {
    let Some(name) = text.strip_prefix("role_set:") else {
        return check_id(text);
    };
    let ok = (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if ok {
        Ok(())
    } else {
        Err(IdError::new(
            text,
            "a role set",
            "its key looks like role_set:default",
        ))
    }
}

macro_rules! id {
    ($($(#[doc = $doc:literal])+ $name:ident = $check:path;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                $check(text)?;
                Ok(Self(text.to_owned()))
            }
        }
    )+};
}

pub(crate) fn check_id_or_slug(text: &str) -> Result<(), IdError> {
    check_id(text).or_else(|_| check_slug(text))
}

id! {
    /// A user's id, `user_…`.
    UserId = check_id;
    /// An organization's id, `org_…`.
    OrganizationId = check_id;
    /// An organization's id or slug; only `organizations.get` takes a slug (spec: `GetOrganization`).
    OrganizationRef = check_id_or_slug;
    /// A membership's id, `orgmem_…`; no path takes it.
    MembershipId = check_id;
    /// An invitation's id, `orginv_…` (organization) or `inv_…` (application).
    InvitationId = check_id;
    /// The id of an email address, phone number, wallet or passkey, `idn_…`.
    IdentificationId = check_id;
    /// The instance's id, `ins_…`; no path takes it.
    InstanceId = check_id;
    /// The id of an entry of the waitlist, `wle_…`.
    WaitlistEntryId = check_id;
    /// The id of an identifier on the allowlist, `alid_…`, or the blocklist, `blid_…`.
    ListedIdentifierId = check_id;
    /// The id of a verification by code.
    VerificationId = check_id;
    /// An external account's id, `eac_…`.
    ExternalAccountId = check_id;
    /// A role's id, `role_…`.
    RoleId = check_id;
    /// A permission's id, `perm_…`.
    PermissionId = check_id;
    /// A role set's key, `role_set:…`, or its id.
    RoleSetRef = check_role_set;
    /// The id of an organization's domain, `orgdmn_…`.
    DomainId = check_id;
    /// A trusted device's id.
    TrustedDeviceId = check_id;
    /// A session's id, `sess_…`.
    SessionId = check_id;
    /// A client's id, `client_…`: a browser or device.
    ClientId = check_id;
    /// A sign-in token's id, `sit_…`.
    SignInTokenId = check_id;
    /// An actor token's id, `act_…`.
    ActorTokenId = check_id;
    /// A JWT template's id, `jtmpl_…`.
    JwtTemplateId = check_id;
    /// A redirect URL's id, `ru_…`.
    RedirectUrlId = check_id;
    /// The name of a JWT template, such as `custom_hasura`.
    TemplateName = check_template_name;
    /// The name of an OAuth provider, such as `oauth_google`.
    Provider = check_provider;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_7_5_hostile_ids_are_refused() {
        let long = format!("user_{}", "a".repeat(10_000));
        for text in [
            "",
            ".",
            "..",
            "../organizations/org_1",
            "a/b",
            "user_1/..",
            "%2F",
            "user_%2F",
            "user_a?b",
            "user_a#b",
            "user_a\n",
            "user_",
            "_a",
            "User_a",
            "user_ä",
            "user_a b",
            long.as_str(),
        ] {
            assert!(text.parse::<UserId>().is_err(), "{text:?}");
            assert!(text.parse::<OrganizationRef>().is_err(), "{text:?}");
            assert!(text.parse::<RoleSetRef>().is_err(), "{text:?}");
            let key = format!("role_set:{text}/");
            assert!(key.parse::<RoleSetRef>().is_err(), "{key:?}");
        }
        assert!("user_2abcDEF".parse::<UserId>().is_ok());
        assert!("engineering-team".parse::<OrganizationRef>().is_ok());
        assert!("engineering-team".parse::<OrganizationId>().is_err());
        assert!("role_set:free_2".parse::<RoleSetRef>().is_ok());
    }

    #[test]
    fn the_message_is_short_even_for_a_long_text() {
        let message = "x/"
            .repeat(5_000)
            .parse::<UserId>()
            .unwrap_err()
            .to_string();
        assert!(message.len() < 300, "{message}");
    }
}
