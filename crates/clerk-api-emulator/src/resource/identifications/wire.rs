//! Email addresses, phone numbers and web3 wallets, inside a user and on their own.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// How an identification was proven.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Verification {
    pub(crate) object: Cow<'static, str>,
    pub(crate) status: Cow<'static, str>,
    pub(crate) strategy: Cow<'static, str>,
    pub(crate) attempts: Option<i64>,
    pub(crate) expire_at: Option<i64>,
    /// How a code came; only verifications by phone have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) channel: Option<Cow<'static, str>>,
}

impl Verification {
    /// What an identification made through this API gets.
    pub(crate) fn by_admin() -> Self {
        Self {
            object: Cow::Borrowed("verification_admin"),
            status: Cow::Borrowed("verified"),
            strategy: Cow::Borrowed("admin"),
            attempts: None,
            expire_at: None,
            channel: None,
        }
    }

    /// What an address gets that somebody came from with a ticket.
    pub(crate) fn by_ticket() -> Self {
        Self {
            object: Cow::Borrowed("verification_ticket"),
            strategy: Cow::Borrowed("ticket"),
            ..Self::by_admin()
        }
    }
}

/// How sure it is that an identification belongs to its user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Claim {
    /// Proven.
    #[default]
    Verified,
    /// Not verified, but nobody else can have it.
    Reserved,
    /// Not proven; others may have it as well.
    Unverified,
}

impl Claim {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "verified" => Some(Self::Verified),
            "reserved" => Some(Self::Reserved),
            "unverified" => Some(Self::Unverified),
            _ => None,
        }
    }

    fn verification(self) -> Option<Verification> {
        (self == Self::Verified).then(Verification::by_admin)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EmailAddress {
    pub(crate) id: String,
    pub(crate) object: Cow<'static, str>,
    pub(crate) email_address: String,
    pub(crate) reserved: bool,
    pub(crate) verification: Option<Verification>,
    pub(crate) linked_to: Vec<Box<RawValue>>,
    pub(crate) matches_sso_connection: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl EmailAddress {
    /// `address` is lower case.
    pub(crate) fn new(id: String, address: String, claim: Claim, now: i64) -> Self {
        Self {
            id,
            object: Cow::Borrowed("email_address"),
            email_address: address,
            reserved: claim == Claim::Reserved,
            verification: claim.verification(),
            linked_to: Vec::new(),
            matches_sso_connection: false,
            created_at: now,
            updated_at: now,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PhoneNumber {
    pub(crate) id: String,
    pub(crate) object: Cow<'static, str>,
    pub(crate) phone_number: String,
    pub(crate) reserved_for_second_factor: bool,
    pub(crate) default_second_factor: bool,
    pub(crate) reserved: bool,
    pub(crate) verification: Option<Verification>,
    pub(crate) linked_to: Vec<Box<RawValue>>,
    pub(crate) backup_codes: Option<Vec<String>>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl PhoneNumber {
    pub(crate) fn new(id: String, number: String, claim: Claim, now: i64) -> Self {
        Self {
            id,
            object: Cow::Borrowed("phone_number"),
            phone_number: number,
            reserved_for_second_factor: false,
            default_second_factor: false,
            reserved: claim == Claim::Reserved,
            verification: claim.verification(),
            linked_to: Vec::new(),
            backup_codes: None,
            created_at: now,
            updated_at: now,
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Web3Wallet {
    pub(crate) id: String,
    pub(crate) object: Cow<'static, str>,
    pub(crate) web3_wallet: String,
    pub(crate) verification: Option<Verification>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Web3Wallet {
    pub(crate) fn new(id: String, address: String, now: i64) -> Self {
        Self {
            id,
            object: Cow::Borrowed("web3_wallet"),
            web3_wallet: address,
            verification: Some(Verification::by_admin()),
            created_at: now,
            updated_at: now,
        }
    }
}

/// The three kinds; the numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Email = 1,
    Phone = 2,
    Wallet = 3,
}

/// What the three kinds have in common, for uniqueness and lookup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identification<'a> {
    pub(crate) kind: Kind,
    pub(crate) id: &'a str,
    pub(crate) value: &'a str,
    /// Verified or reserved, so that no other user can have it.
    pub(crate) claimed: bool,
}

impl<'a> From<&'a EmailAddress> for Identification<'a> {
    fn from(email: &'a EmailAddress) -> Self {
        Self {
            kind: Kind::Email,
            id: &email.id,
            value: &email.email_address,
            claimed: email.reserved || email.verification.is_some(),
        }
    }
}

impl<'a> From<&'a PhoneNumber> for Identification<'a> {
    fn from(phone: &'a PhoneNumber) -> Self {
        Self {
            kind: Kind::Phone,
            id: &phone.id,
            value: &phone.phone_number,
            claimed: phone.reserved || phone.verification.is_some(),
        }
    }
}

impl<'a> From<&'a Web3Wallet> for Identification<'a> {
    fn from(wallet: &'a Web3Wallet) -> Self {
        Self {
            kind: Kind::Wallet,
            id: &wallet.id,
            value: &wallet.web3_wallet,
            claimed: true,
        }
    }
}
