//! The membership object, stored without its role, the organization and the user, which are put in when it is sent.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::http::metadata;
use crate::store::StoreError;

/// What follows the role. The first one is meant: metadata come behind.
const BEHIND_ROLE: &str = r#","public_metadata":"#;
/// What follows organization and user. The last one is meant: metadata come before.
const BEHIND_PARTIES: &str = r#","created_at":"#;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Membership {
    pub(crate) id: String,
    pub(crate) object: Cow<'static, str>,
    /// The number of the role's row, which is in a column of its own.
    #[serde(skip)]
    pub(crate) role: i64,
    pub(crate) public_metadata: Box<RawValue>,
    pub(crate) private_metadata: Box<RawValue>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Membership {
    pub(crate) fn new(id: String, role: i64, now: i64) -> Self {
        Self {
            id,
            object: Cow::Borrowed("organization_membership"),
            role,
            public_metadata: metadata::empty(),
            private_metadata: metadata::empty(),
            created_at: now,
            updated_at: now,
        }
    }
}

/// What members of an organization may know of each other.
#[derive(Debug, Serialize)]
pub(crate) struct PublicUserData<'a> {
    pub(crate) user_id: Cow<'a, str>,
    pub(crate) first_name: Option<Cow<'a, str>>,
    pub(crate) last_name: Option<Cow<'a, str>>,
    profile_image_url: Cow<'a, str>,
    pub(crate) image_url: Cow<'a, str>,
    pub(crate) has_image: bool,
    pub(crate) identifier: Option<Cow<'a, str>>,
    username: Option<Cow<'a, str>>,
    banned: bool,
    deprovisioned: bool,
}

/// The part of a user's JSON that it is made of. Wrapped, as borrowed text inside of an option would be copied.
#[derive(Deserialize)]
struct Known<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    first_name: Option<Text<'a>>,
    #[serde(borrow)]
    last_name: Option<Text<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
    #[serde(borrow)]
    image_url: Text<'a>,
    has_image: bool,
    #[serde(borrow)]
    primary_email_address_id: Option<Text<'a>>,
    #[serde(borrow)]
    primary_phone_number_id: Option<Text<'a>>,
    #[serde(borrow)]
    primary_web3_wallet_id: Option<Text<'a>>,
    #[serde(borrow)]
    email_addresses: Vec<Identifier<'a>>,
    #[serde(borrow)]
    phone_numbers: Vec<Identifier<'a>>,
    #[serde(borrow)]
    web3_wallets: Vec<Identifier<'a>>,
    banned: bool,
    deprovisioned: bool,
    #[serde(borrow)]
    profile_image_url: Text<'a>,
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
struct Identifier<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(
        borrow,
        alias = "email_address",
        alias = "phone_number",
        alias = "web3_wallet"
    )]
    value: Text<'a>,
}

impl<'a> PublicUserData<'a> {
    /// Reads what is public from a user's JSON. The identifier is the first there is of the primary
    /// email address, the primary phone number, the username and the primary wallet.
    pub(crate) fn of(user: &'a str) -> Result<Self, StoreError> {
        let user: Known<'a> = serde_json::from_str(user)?;
        let identifier = primary(user.email_addresses, user.primary_email_address_id)
            .or_else(|| primary(user.phone_numbers, user.primary_phone_number_id))
            .or_else(|| user.username.as_ref().map(|name| name.0.clone()))
            .or_else(|| primary(user.web3_wallets, user.primary_web3_wallet_id));
        Ok(Self {
            user_id: user.id.0,
            first_name: user.first_name.map(|name| name.0),
            last_name: user.last_name.map(|name| name.0),
            profile_image_url: user.profile_image_url.0,
            image_url: user.image_url.0,
            has_image: user.has_image,
            identifier,
            username: user.username.map(|name| name.0),
            banned: user.banned,
            deprovisioned: user.deprovisioned,
        })
    }

    /// What the user is called: the names that there are, else the identifier.
    pub(crate) fn name(self) -> Option<String> {
        match (self.first_name, self.last_name) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (Some(name), None) | (None, Some(name)) => Some(name.into_owned()),
            (None, None) => self.identifier.map(Cow::into_owned),
        }
    }
}

fn primary<'a>(all: Vec<Identifier<'a>>, id: Option<Text<'a>>) -> Option<Cow<'a, str>> {
    let id = id?;
    let mut all = all.into_iter();
    all.find(|one| one.id.0 == id.0).map(|one| one.value.0)
}

/// Writes a stored membership with what its role adds, and with its organization and its user as they are stored.
pub(crate) fn write(
    out: &mut Vec<u8>,
    wire: &str,
    role: &str,
    organization: &str,
    user: &str,
) -> Result<(), StoreError> {
    let (front, rest) = wire.split_at(wire.find(BEHIND_ROLE).unwrap_or(wire.len()));
    out.extend_from_slice(front.as_bytes());
    out.push(b',');
    out.extend_from_slice(role.as_bytes());
    let (front, rest) = rest.split_at(rest.rfind(BEHIND_PARTIES).unwrap_or(rest.len()));
    out.extend_from_slice(front.as_bytes());
    out.extend_from_slice(br#","organization":"#);
    out.extend_from_slice(organization.as_bytes());
    out.extend_from_slice(br#","public_user_data":"#);
    serde_json::to_writer(&mut *out, &PublicUserData::of(user)?)?;
    out.extend_from_slice(rest.as_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::identifications::wire::{Claim, EmailAddress, PhoneNumber, Web3Wallet};
    use crate::resource::users::wire::User;

    #[test]
    fn the_identifier_is_the_first_there_is() {
        let mut user = User::new("user_1".to_owned(), 1);
        let identifier = |user: &User| {
            let wire = serde_json::to_string(user).expect("JSON");
            let data = PublicUserData::of(&wire).expect("readable");
            data.identifier.map(Cow::into_owned)
        };
        assert_eq!(identifier(&user), None);
        let wallet = Web3Wallet::new("idn_1".to_owned(), "0xa".to_owned(), 1);
        user.web3_wallets.push(wallet);
        user.primary_web3_wallet_id = Some("idn_1".to_owned());
        assert_eq!(identifier(&user).as_deref(), Some("0xa"));
        user.username = Some("jane \"x\"".to_owned());
        assert_eq!(identifier(&user).as_deref(), Some("jane \"x\""));
        let phone = PhoneNumber::new("idn_2".to_owned(), "+1555".to_owned(), Claim::Verified, 1);
        user.phone_numbers.push(phone);
        user.primary_phone_number_id = Some("idn_2".to_owned());
        assert_eq!(identifier(&user).as_deref(), Some("+1555"));
        let email = EmailAddress::new("idn_3".to_owned(), "a@b.c".to_owned(), Claim::Verified, 1);
        user.email_addresses.push(email);
        user.primary_email_address_id = Some("idn_3".to_owned());
        assert_eq!(identifier(&user).as_deref(), Some("a@b.c"));
    }
}
