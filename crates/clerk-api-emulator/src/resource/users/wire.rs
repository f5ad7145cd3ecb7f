//! The user object.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::http::metadata;
use crate::resource::identifications::wire::{
    EmailAddress, Identification, PhoneNumber, Verification, Web3Wallet,
};
use crate::resource::images::wire as image;

/// What a new instance allows before it locks a user.
const VERIFICATION_ATTEMPTS: i64 = 10;
const GRAVATAR: &str = "https://www.gravatar.com/avatar?d=mp";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) object: Cow<'static, str>,
    pub(crate) username: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) image_url: String,
    pub(crate) has_image: bool,
    pub(crate) primary_email_address_id: Option<String>,
    pub(crate) primary_phone_number_id: Option<String>,
    pub(crate) primary_web3_wallet_id: Option<String>,
    pub(crate) password_enabled: bool,
    pub(crate) two_factor_enabled: bool,
    pub(crate) totp_enabled: bool,
    pub(crate) backup_code_enabled: bool,
    pub(crate) email_addresses: Vec<EmailAddress>,
    pub(crate) phone_numbers: Vec<PhoneNumber>,
    pub(crate) web3_wallets: Vec<Web3Wallet>,
    pub(crate) passkeys: Vec<Box<RawValue>>,
    pub(crate) external_accounts: Vec<Box<RawValue>>,
    pub(crate) saml_accounts: Vec<Box<RawValue>>,
    pub(crate) enterprise_accounts: Vec<Box<RawValue>>,
    pub(crate) public_metadata: Box<RawValue>,
    pub(crate) private_metadata: Box<RawValue>,
    pub(crate) unsafe_metadata: Box<RawValue>,
    pub(crate) external_id: Option<String>,
    pub(crate) last_sign_in_at: Option<i64>,
    pub(crate) banned: bool,
    pub(crate) locked: bool,
    pub(crate) deprovisioned: bool,
    pub(crate) lockout_expires_in_seconds: Option<i64>,
    pub(crate) verification_attempts_remaining: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) delete_self_enabled: bool,
    pub(crate) create_organization_enabled: bool,
    pub(crate) create_organizations_limit: Option<i64>,
    pub(crate) last_active_at: Option<i64>,
    pub(crate) mfa_enabled_at: Option<i64>,
    pub(crate) mfa_disabled_at: Option<i64>,
    pub(crate) password_last_updated_at: Option<i64>,
    pub(crate) legal_accepted_at: Option<i64>,
    pub(crate) bypass_client_trust: bool,
    pub(crate) scim: Option<Box<RawValue>>,
    pub(crate) profile_image_url: Cow<'static, str>,
}

impl User {
    /// A user with nothing but an id.
    pub(crate) fn new(id: String, now: i64) -> Self {
        Self {
            id,
            object: Cow::Borrowed("user"),
            username: None,
            first_name: None,
            last_name: None,
            locale: None,
            image_url: String::new(),
            has_image: false,
            primary_email_address_id: None,
            primary_phone_number_id: None,
            primary_web3_wallet_id: None,
            password_enabled: false,
            two_factor_enabled: false,
            totp_enabled: false,
            backup_code_enabled: false,
            email_addresses: Vec::new(),
            phone_numbers: Vec::new(),
            web3_wallets: Vec::new(),
            passkeys: Vec::new(),
            external_accounts: Vec::new(),
            saml_accounts: Vec::new(),
            enterprise_accounts: Vec::new(),
            public_metadata: metadata::empty(),
            private_metadata: metadata::empty(),
            unsafe_metadata: metadata::empty(),
            external_id: None,
            last_sign_in_at: None,
            banned: false,
            locked: false,
            deprovisioned: false,
            lockout_expires_in_seconds: None,
            verification_attempts_remaining: Some(VERIFICATION_ATTEMPTS),
            created_at: now,
            updated_at: now,
            delete_self_enabled: true,
            create_organization_enabled: true,
            create_organizations_limit: None,
            last_active_at: None,
            mfa_enabled_at: None,
            mfa_disabled_at: None,
            password_last_updated_at: None,
            legal_accepted_at: None,
            bypass_client_trust: false,
            scim: None,
            profile_image_url: Cow::Borrowed(GRAVATAR),
        }
    }

    /// Redraws the placeholder after the names have changed.
    pub(crate) fn draw_image(&mut self, instance_id: &str) {
        if !self.has_image {
            let initials = image::initials([self.first_name.as_deref(), self.last_name.as_deref()]);
            self.image_url = image::placeholder(instance_id, &self.id, &initials);
        }
    }

    /// Locks or unlocks the user, who gets all attempts back; true if that changed anything.
    pub(crate) fn set_locked(&mut self, on: bool) -> bool {
        // A lock set through the API never ends by itself: `lockout_expires_in_seconds` stays null.
        let changed = std::mem::replace(&mut self.locked, on) != on;
        if !on {
            self.verification_attempts_remaining = Some(VERIFICATION_ATTEMPTS);
        }
        changed
    }

    /// Makes every phone number an ordinary one again; true if one was a second factor.
    pub(crate) fn release_phones(&mut self) -> bool {
        let mut changed = false;
        for phone in &mut self.phone_numbers {
            changed |= phone.reserved_for_second_factor;
            phone.reserved_for_second_factor = false;
            phone.default_second_factor = false;
            phone.backup_codes = None;
        }
        changed
    }

    /// Removes the wallet with this id; the first that is left becomes the primary one if it was that.
    pub(crate) fn remove_wallet(&mut self, id: &str) -> bool {
        let before = self.web3_wallets.len();
        self.web3_wallets.retain(|wallet| wallet.id != id);
        if self.primary_web3_wallet_id.as_deref() == Some(id) {
            self.primary_web3_wallet_id = self.web3_wallets.first().map(|wallet| wallet.id.clone());
        }
        self.web3_wallets.len() != before
    }

    /// Recomputes `two_factor_enabled` and notes when it changed.
    pub(crate) fn judge_second_factor(&mut self, now: i64) {
        let on = self.totp_enabled
            || self
                .phone_numbers
                .iter()
                .any(|phone| phone.reserved_for_second_factor);
        if on && !self.two_factor_enabled {
            self.mfa_enabled_at = Some(now);
        } else if !on && self.two_factor_enabled {
            self.mfa_disabled_at = Some(now);
        }
        self.two_factor_enabled = on;
    }

    pub(crate) fn primary_email(&self) -> Option<&EmailAddress> {
        let id = self.primary_email_address_id.as_deref()?;
        self.email_addresses.iter().find(|email| email.id == id)
    }

    pub(crate) fn primary_phone(&self) -> Option<&PhoneNumber> {
        let id = self.primary_phone_number_id.as_deref()?;
        self.phone_numbers.iter().find(|phone| phone.id == id)
    }

    pub(crate) fn primary_wallet(&self) -> Option<&Web3Wallet> {
        let id = self.primary_web3_wallet_id.as_deref()?;
        self.web3_wallets.iter().find(|wallet| wallet.id == id)
    }

    /// Returns everything that identifies this user.
    pub(crate) fn identifications(&self) -> impl Iterator<Item = Identification<'_>> {
        let emails = self.email_addresses.iter().map(Into::into);
        let phones = self.phone_numbers.iter().map(Into::into);
        let wallets = self.web3_wallets.iter().map(Into::into);
        emails.chain(phones).chain(wallets)
    }

    /// Returns whether the identification with this id is proven; `None` if this user has none with it.
    pub(crate) fn is_verified(&self, id: &str) -> Option<bool> {
        let proven = |verification: &Option<Verification>| {
            verification
                .as_ref()
                .is_some_and(|v| v.status == "verified")
        };
        let emails = self
            .email_addresses
            .iter()
            .map(|e| (&e.id, &e.verification));
        let phones = self.phone_numbers.iter().map(|p| (&p.id, &p.verification));
        let wallets = self.web3_wallets.iter().map(|w| (&w.id, &w.verification));
        emails
            .chain(phones)
            .chain(wallets)
            .find(|(own, _)| *own == id)
            .map(|(_, verification)| proven(verification))
    }
}
