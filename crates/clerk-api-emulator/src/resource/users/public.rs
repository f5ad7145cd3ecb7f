//! What the members of an organization may know of each other.

use serde::Serialize;

use super::wire::User;
use crate::store::StoreError;

#[derive(Debug, Serialize)]
pub(crate) struct PublicUserData<'a> {
    pub(crate) user_id: &'a str,
    pub(crate) first_name: Option<&'a str>,
    pub(crate) last_name: Option<&'a str>,
    profile_image_url: &'a str,
    pub(crate) image_url: &'a str,
    pub(crate) has_image: bool,
    pub(crate) identifier: Option<&'a str>,
    username: Option<&'a str>,
    banned: bool,
    deprovisioned: bool,
}

impl<'a> PublicUserData<'a> {
    /// The identifier is the first there is of the primary email address, the primary phone number, the username and the primary wallet.
    pub(crate) fn of(user: &'a User) -> Self {
        let emails = user.email_addresses.iter();
        let phones = user.phone_numbers.iter();
        let wallets = user.web3_wallets.iter();
        let email = emails.map(|one| (&one.id, &one.email_address));
        let phone = phones.map(|one| (&one.id, &one.phone_number));
        let wallet = wallets.map(|one| (&one.id, &one.web3_wallet));
        let identifier = primary(email, user.primary_email_address_id.as_ref())
            .or_else(|| primary(phone, user.primary_phone_number_id.as_ref()))
            .or(user.username.as_deref())
            .or_else(|| primary(wallet, user.primary_web3_wallet_id.as_ref()));
        Self {
            user_id: &user.id,
            first_name: user.first_name.as_deref(),
            last_name: user.last_name.as_deref(),
            profile_image_url: &user.profile_image_url,
            image_url: &user.image_url,
            has_image: user.has_image,
            identifier,
            username: user.username.as_deref(),
            banned: user.banned,
            deprovisioned: user.deprovisioned,
        }
    }

    /// What the user is called: the names that there are, else the identifier.
    pub(crate) fn name(&self) -> Option<String> {
        match (self.first_name, self.last_name) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (Some(name), None) | (None, Some(name)) => Some(name.to_owned()),
            (None, None) => self.identifier.map(str::to_owned),
        }
    }
}

fn primary<'a>(
    mut all: impl Iterator<Item = (&'a String, &'a String)>,
    id: Option<&String>,
) -> Option<&'a str> {
    let id = id?;
    all.find(|(one, _)| *one == id)
        .map(|(_, value)| value.as_str())
}

/// The JSON of it.
pub(crate) fn json(user: &User) -> Result<String, StoreError> {
    Ok(serde_json::to_string(&PublicUserData::of(user))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::identifications::wire::{Claim, EmailAddress, PhoneNumber, Web3Wallet};

    #[test]
    fn the_identifier_is_the_first_there_is() {
        let mut user = User::new("user_1".to_owned(), 1);
        let identifier = |user: &User| PublicUserData::of(user).identifier.map(str::to_owned);
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
