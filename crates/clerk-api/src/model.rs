//! Responses, read leniently: an object needs its own id, every other field may be missing or null, unknown fields and words are kept.

/// A JSON object: metadata, and what has no fixed fields. Numbers keep all their digits and keys their order.
pub type Json = serde_json::Map<String, serde_json::Value>;

/// Declares an object of a response. Fields that this version does not know are kept in `extra` and survive a round trip.
///
/// The fields under `always` are required: an object without them cannot be read. They are the ids that objects, nested ones too, have
/// of their own, because the API always sends these and an object without its id is of no use. Everything else may be absent or null.
///
/// Reading is written out here, because serde's `flatten` buffers unknown fields, and its buffer cannot hold numbers over 64 bits.
/// Here unknown fields go into `extra` directly. If a field comes twice, the last value counts.
macro_rules! model {
    ($(#[doc = $doc:literal])+ pub struct $name:ident {
        $(always { $($(#[doc = $adoc:literal])+ $always:ident: $aty:ty,)+ })?
        $($(#[doc = $fdoc:literal])+ $field:ident: $ty:ty,)*
    }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, serde::Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $($(
                $(#[doc = $adoc])+
                pub $always: $aty,
            )+)?
            $(
                $(#[doc = $fdoc])+
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$ty>,
            )*
            /// Fields that this version does not know, in the server's order.
            #[serde(flatten)]
            pub extra: $crate::model::Json,
        }

        impl $crate::declare::Model for $name {
            const FORM: $crate::declare::Form = $crate::declare::Form::Object;
            const MEMBERS: &'static [$crate::declare::Member] = &[
                $($($crate::declare::Member::new(stringify!($always), stringify!($aty)),)+)?
                $($crate::declare::Member::new(stringify!($field), stringify!($ty)),)*
            ];
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;

                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an object: ", stringify!($name)))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        $($(let mut $always: Option<$aty> = None;)+)?
                        $(let mut $field: Option<$ty> = None;)*
                        let mut extra = $crate::model::Json::new();
                        while let Some($crate::model::Key(key)) = map.next_key()? {
                            match key.as_ref() {
                                $($(name if name == $crate::declare::wire_name(stringify!($always)) => $always = Some(map.next_value()?),)+)?
                                $(name if name == $crate::declare::wire_name(stringify!($field)) => $field = map.next_value()?,)*
                                _ => {
                                    extra.insert(key.into_owned(), map.next_value()?);
                                }
                            }
                        }
                        $($(let $always = $always.ok_or_else(|| <A::Error as serde::de::Error>::missing_field(stringify!($always)))?;)+)?
                        Ok($name { $($($always,)+)? $($field,)* extra })
                    }
                }

                deserializer.deserialize_map(Fields)
            }
        }
    };
}

/// A field's name, borrowed from the input where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

mod access;
mod account;
mod billing;
mod common;
mod domain;
mod identification;
mod instance;
mod invitation;
mod organization;
mod restriction;
mod role;
mod session;
mod user;

pub use access::{
    AccessTokenStatus, ActorToken, JwtTemplate, RedirectUrl, SignInToken, TestingToken,
};
pub use account::{
    EnterpriseAccount, EnterpriseConnection, ExternalAccount, OauthAccessToken, SamlAccount,
    SamlConnection, TrustedDevice,
};
pub use billing::{
    BillingPlan, CreditAction, CreditBalance, CreditLedgerEntry, Money, NextPayment, Payer,
    PaymentMethod, Subscription, SubscriptionItem,
};
pub use common::{DeletedObject, TotalCount, UserRef, Verified};
pub use domain::{DomainVerification, EnrollmentMode, OrganizationDomain};
pub use identification::{
    CodeVerification, EmailAddress, IdentificationLink, Passkey, PhoneNumber, Verification,
    VerificationStatus, Web3Wallet,
};
pub use instance::{
    Instance, InstanceCommunication, InstanceProtect, InstanceRestrictions, OauthSettings,
    OrganizationSettings,
};
pub use invitation::{Invitation, InvitationStatus, Inviter, OrganizationInvitation};
pub use organization::{Membership, Organization, PublicOrganization, PublicUser};
pub use restriction::{
    AllowlistIdentifier, BlocklistIdentifier, ListedIdentifierType, WaitlistEntry, WaitlistStatus,
};
pub use role::{Permission, Role, RoleSet, RoleSetItem, RoleSetMigration, RoleSetType};
pub use session::{
    Jwks, Session, SessionActivity, SessionRefresh, SessionStatus, SessionTask, Token,
};
pub use user::{ScimInfo, User};

#[cfg(test)]
mod tests;
