//! The single values that arguments are made of.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Scalar;
use crate::declare::Kind;
use crate::{form, id};

/// Gives single values their kind, and lets them stand as required arguments.
macro_rules! scalar {
    ($($ty:ty = $kind:expr;)+) => {$(
        impl Scalar for $ty {
            const KIND: Kind = $kind;
        }
        $crate::value::required!($ty);
    )+};
}

/// A JSON object kept as its exact text: metadata.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Object(Box<RawValue>);

impl Object {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// When the text is not JSON, or not an object.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<serde::de::IgnoredAny>(text)?;
        if !text.trim_start().starts_with('{') {
            return Err(serde::de::Error::custom(
                "expected a JSON object, such as {\"plan\":\"pro\"}",
            ));
        }
        Ok(Self(RawValue::from_string(text.trim().to_owned())?))
    }

    /// The JSON of a map or struct.
    ///
    /// # Errors
    /// When the value is not a JSON object.
    pub fn of(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        Self::parse(&serde_json::to_string(value)?)
    }

    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

/// Text that is never shown: passwords and codes on their way out, tokens and admission links on their way in.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<T: Into<String>> From<T> for SecretText {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// Texts of a form. They are checked when the request is built.
macro_rules! formed {
    ($($(#[doc = $doc:literal])+ $name:ident = $form:path;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }

        impl From<&str> for super::Patch<$name> {
            fn from(text: &str) -> Self {
                Self::Set(text.into())
            }
        }

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Scalar for $name {
            const KIND: Kind = Kind::Form(&$form);
        }
        $crate::value::required!($name);
    )+};
}

formed! {
    /// A text without commas: a username, a key, a domain.
    Word = form::WORD;
    /// An e-mail address.
    Email = form::EMAIL;
    /// A phone number in E.164 form, such as `+15551234567`.
    Phone = form::PHONE;
    /// An organization's slug.
    Slug = form::SLUG;
    /// A role's key, such as `org:billing`.
    RoleKey = form::ROLE_KEY;
    /// A permission's key, such as `org:invoices:read`.
    PermissionKey = form::PERMISSION_KEY;
    /// A role set's key, such as `role_set:default`.
    RoleSetKey = form::ROLE_SET_KEY;
    /// A country's code, such as `DE`.
    Country = form::COUNTRY;
}

/// Rows per page, 1 to 500 (spec: `LimitParameter`).
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Limit(pub u32);

/// Rows to skip.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Offset(pub u64);

/// The id of the last row of the page before.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// A text that makes a write repeatable; one is made up where it is absent.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct IdempotencyKey(pub String);

macro_rules! wrap {
    ($($ty:ident($inner:ty);)+) => {$(
        impl From<$inner> for $ty {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    )+};
}
wrap! { Limit(u32); Offset(u64); Cursor(String); IdempotencyKey(String); }

/// The most bytes of metadata that Clerk takes.
///
/// Its documentation says 8 KB and does not say whether for each kind or for all
/// together, so no kind can have more.
pub const METADATA_LIMIT: usize = 8 * 1024;

/// A file to upload.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The file's name, without folders.
    pub file_name: String,
    /// Its bytes, at most [`Upload::MOST`].
    pub bytes: Vec<u8>,
}

impl Upload {
    /// The largest file that the API takes: 10 MB (spec: `UploadOrganizationLogo`).
    pub const MOST: u64 = 10 * 1024 * 1024;
}

impl Serialize for Upload {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use base64::Engine as _;
        use serde::ser::SerializeStruct as _;
        let mut json = serializer.serialize_struct("Upload", 2)?;
        json.serialize_field("file_name", &self.file_name)?;
        json.serialize_field(
            "data",
            &base64::engine::general_purpose::STANDARD.encode(&self.bytes),
        )?;
        json.end()
    }
}

scalar! {
    String = Kind::Text;
    SecretText = Kind::Secret;
    bool = Kind::Boolean;
    i64 = Kind::Integer;
    u64 = Kind::Integer;
    Object = Kind::Object;
    Limit = Kind::Limit;
    Offset = Kind::Offset;
    Cursor = Kind::Cursor;
    IdempotencyKey = Kind::IdempotencyKey;
    Upload = Kind::Upload;
    crate::time::Timestamp = Kind::Millis;
    crate::time::Rfc3339 = Kind::Instant;
    id::UserId = Kind::Id { what: id::UserId::WHAT, check: id::check_id };
    id::OrganizationId = Kind::Id { what: id::OrganizationId::WHAT, check: id::check_id };
    id::OrganizationRef = Kind::Id { what: id::OrganizationRef::WHAT, check: id::check_id_or_slug };
    id::InvitationId = Kind::Id { what: id::InvitationId::WHAT, check: id::check_id };
    id::IdentificationId = Kind::Id { what: id::IdentificationId::WHAT, check: id::check_id };
    id::WaitlistEntryId = Kind::Id { what: id::WaitlistEntryId::WHAT, check: id::check_id };
    id::ListedIdentifierId = Kind::Id { what: id::ListedIdentifierId::WHAT, check: id::check_id };
    id::VerificationId = Kind::Id { what: id::VerificationId::WHAT, check: id::check_id };
    id::DomainId = Kind::Id { what: id::DomainId::WHAT, check: id::check_id };
    id::RoleId = Kind::Id { what: id::RoleId::WHAT, check: id::check_id };
    id::PermissionId = Kind::Id { what: id::PermissionId::WHAT, check: id::check_id };
    id::RoleSetRef = Kind::Id { what: id::RoleSetRef::WHAT, check: id::check_role_set };
    id::ExternalAccountId = Kind::Id { what: id::ExternalAccountId::WHAT, check: id::check_id };
    id::TrustedDeviceId = Kind::Id { what: id::TrustedDeviceId::WHAT, check: id::check_id };
    id::SessionId = Kind::Id { what: id::SessionId::WHAT, check: id::check_id };
    id::ClientId = Kind::Id { what: id::ClientId::WHAT, check: id::check_id };
    id::SignInTokenId = Kind::Id { what: id::SignInTokenId::WHAT, check: id::check_id };
    id::ActorTokenId = Kind::Id { what: id::ActorTokenId::WHAT, check: id::check_id };
    id::JwtTemplateId = Kind::Id { what: id::JwtTemplateId::WHAT, check: id::check_id };
    id::RedirectUrlId = Kind::Id { what: id::RedirectUrlId::WHAT, check: id::check_id };
    id::TemplateName = Kind::Id { what: id::TemplateName::WHAT, check: id::check_template_name };
    id::Provider = Kind::Id { what: id::Provider::WHAT, check: id::check_provider };
}
