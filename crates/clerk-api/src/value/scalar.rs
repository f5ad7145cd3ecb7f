//! The single values that arguments are made of.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Scalar;
use crate::declare::{Kind, Resource};
use crate::{form, id};

/// Gives single values their kind, and lets them be required arguments.
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
    /// An email address.
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

/// A text that makes a write repeatable; the client generates one by default.
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
}

/// Gives ids their kind: what each names, and the check of its grammar.
macro_rules! ids {
    ($($ty:ident = $resource:ident, $check:ident;)+) => {
        scalar! {
            $(id::$ty = Kind::Id { of: Resource::$resource, check: id::$check };)+
        }
    };
}

ids! {
    UserId = USER, check_id;
    OrganizationId = ORGANIZATION, check_id;
    OrganizationRef = ORGANIZATION, check_id_or_slug;
    InvitationId = INVITATION, check_id;
    IdentificationId = IDENTIFICATION, check_id;
    WaitlistEntryId = WAITLIST_ENTRY, check_id;
    ListedIdentifierId = LISTED_IDENTIFIER, check_id;
    VerificationId = VERIFICATION, check_id;
    DomainId = DOMAIN, check_id;
    RoleId = ROLE, check_id;
    PermissionId = PERMISSION, check_id;
    RoleSetRef = ROLE_SET, check_role_set;
    ExternalAccountId = EXTERNAL_ACCOUNT, check_id;
    TrustedDeviceId = TRUSTED_DEVICE, check_id;
    SessionId = SESSION, check_id;
    ClientId = CLIENT, check_id;
    SignInTokenId = SIGN_IN_TOKEN, check_id;
    ActorTokenId = ACTOR_TOKEN, check_id;
    JwtTemplateId = JWT_TEMPLATE, check_id;
    RedirectUrlId = REDIRECT_URL, check_id;
    TemplateName = TEMPLATE, check_template_name;
    Provider = PROVIDER, check_provider;
}
