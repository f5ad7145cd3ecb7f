//! Users, and invitations to the application.

use super::Restore;
use super::error::{Put, judged, left_out};
use super::object::{self, is_verified, metadata};
use crate::resource::identifications::wire::{Claim, EmailAddress, PhoneNumber, Web3Wallet};
use crate::resource::images::wire as image;
use crate::resource::invitations::rows as invitations;
use crate::resource::invitations::wire::{Invitation, Status, link};
use crate::resource::users::rows::{self as users, Secrets};
use crate::resource::users::wire::User;

/// How long an invitation is good whose end nobody says: as long as usual.
const MONTH: i64 = 30 * 86_400_000;
/// Why an object with the id of an earlier one is left out.
pub(super) const TWICE: &str = "an object with its id is there already";

impl Restore {
    pub(super) fn user(&mut self, text: &str) -> Put {
        let given: object::User = serde_json::from_str(text)?;
        if self.has("users", &given.id)? {
            return left_out(TWICE);
        }
        let user = self.made_user(&given);
        let wire = serde_json::to_string(&user)?;
        let put = users::insert(&self.bulk.tx(), &user, &wire, &Secrets::default());
        let put = judged(put)?;
        if put.is_ok() {
            self.lose_secrets(&given);
        }
        Ok(put)
    }

    fn made_user(&self, given: &object::User) -> User {
        let created = given.created_at.unwrap_or(self.now);
        let mut user = User::new(given.id.clone(), created);
        user.external_id.clone_from(&given.external_id);
        user.username.clone_from(&given.username);
        user.first_name.clone_from(&given.first_name);
        user.last_name.clone_from(&given.last_name);
        user.locale.clone_from(&given.locale);
        self.identify(&mut user, given, created);
        user.password_enabled = given.password_enabled.unwrap_or(false);
        user.two_factor_enabled = given.two_factor_enabled.unwrap_or(false);
        user.totp_enabled = given.totp_enabled.unwrap_or(false);
        user.backup_code_enabled = given.backup_code_enabled.unwrap_or(false);
        user.banned = given.banned.unwrap_or(false);
        user.locked = given.locked.unwrap_or(false);
        user.deprovisioned = given.deprovisioned.unwrap_or(false);
        user.delete_self_enabled = given.delete_self_enabled.unwrap_or(true);
        user.create_organization_enabled = given.create_organization_enabled.unwrap_or(true);
        user.create_organizations_limit = given.create_organizations_limit;
        user.mfa_enabled_at = given.mfa_enabled_at;
        user.mfa_disabled_at = given.mfa_disabled_at;
        user.password_last_updated_at = given.password_last_updated_at;
        user.legal_accepted_at = given.legal_accepted_at;
        user.last_sign_in_at = given.last_sign_in_at;
        user.last_active_at = given.last_active_at;
        user.updated_at = given.updated_at.unwrap_or(created);
        user.public_metadata = metadata(given.public_metadata.clone());
        user.private_metadata = metadata(given.private_metadata.clone());
        user.unsafe_metadata = metadata(given.unsafe_metadata.clone());
        user.has_image = given.has_image.unwrap_or(false);
        match &given.image_url {
            Some(url) => user.image_url.clone_from(url),
            None if user.has_image => user.image_url = self.image(),
            None => user.draw_image(&self.instance_id),
        }
        user
    }

    /// The address of an image that is not here.
    pub(super) fn image(&self) -> String {
        image::uploaded(&self.instance_id, &self.ids.next("img", self.now))
    }

    fn identify(&self, user: &mut User, given: &object::User, created: i64) {
        for one in given.email_addresses.iter().flatten() {
            let reserved = one.reserved.unwrap_or(false);
            let claim = claim(is_verified(one.verification.as_ref()), reserved);
            let at = one.created_at.unwrap_or(created);
            let address = one.email_address.to_lowercase();
            let mut email = EmailAddress::new(one.id.clone(), address, claim, at);
            email.reserved = reserved;
            email.updated_at = one.updated_at.unwrap_or(at);
            user.email_addresses.push(email);
        }
        for one in given.phone_numbers.iter().flatten() {
            let reserved = one.reserved.unwrap_or(false);
            let claim = claim(is_verified(one.verification.as_ref()), reserved);
            let at = one.created_at.unwrap_or(created);
            let mut phone = PhoneNumber::new(one.id.clone(), one.phone_number.clone(), claim, at);
            phone.reserved = reserved;
            phone.reserved_for_second_factor = one.reserved_for_second_factor.unwrap_or(false);
            phone.default_second_factor = one.default_second_factor.unwrap_or(false);
            phone.updated_at = one.updated_at.unwrap_or(at);
            user.phone_numbers.push(phone);
        }
        for one in given.web3_wallets.iter().flatten() {
            let wallet = Web3Wallet::new(one.id.clone(), one.web3_wallet.clone(), created);
            user.web3_wallets.push(wallet);
        }
        let own = |id: &Option<String>| id.clone().filter(|id| user.is_verified(id).is_some());
        let primary = (
            own(&given.primary_email_address_id),
            own(&given.primary_phone_number_id),
            own(&given.primary_web3_wallet_id),
        );
        user.primary_email_address_id = primary.0;
        user.primary_phone_number_id = primary.1;
        user.primary_web3_wallet_id = primary.2;
    }

    /// Counts what a user had that no response holds.
    fn lose_secrets(&mut self, given: &object::User) {
        let flags = [
            ("passwords", given.password_enabled),
            ("authenticator_apps", given.totp_enabled),
            ("backup_codes", given.backup_code_enabled),
            ("images", given.has_image),
        ];
        for (what, flag) in flags {
            self.lose(what, usize::from(flag == Some(true)));
        }
        let lists = [
            ("passkeys", &given.passkeys),
            ("external_accounts", &given.external_accounts),
            ("enterprise_accounts", &given.enterprise_accounts),
        ];
        for (what, list) in lists {
            self.lose(what, list.as_ref().map_or(0, Vec::len));
        }
    }

    pub(super) fn invitation(&mut self, text: &str) -> Put {
        let given: object::Invitation = serde_json::from_str(text)?;
        if self.has("invitations", &given.id)? {
            return left_out(TWICE);
        }
        let created = given.created_at.unwrap_or(self.now);
        let status = match status(given.status.as_deref()) {
            Status::Pending if given.revoked == Some(true) => Status::Revoked,
            status => status,
        };
        let mut invitation = Invitation {
            object: "invitation".into(),
            id: given.id,
            email_address: given.email_address.to_lowercase(),
            public_metadata: metadata(given.public_metadata),
            revoked: false,
            status: Status::Pending,
            url: Some(link(&self.ids)),
            expires_at: end(given.expires_at, created),
            created_at: created,
            updated_at: given.updated_at.unwrap_or(created),
        };
        let tx = self.bulk.tx();
        if matches!(status, Status::Accepted | Status::Expired) {
            invitation.settle(status);
        }
        invitations::insert(&tx, &invitation, None)?;
        if status == Status::Revoked {
            // Revoked ones are in another list than the others.
            let at = invitation.updated_at;
            return judged(invitations::revoke(&tx, &invitation.id, at));
        }
        Ok(Ok(()))
    }
}

fn claim(verified: bool, reserved: bool) -> Claim {
    match (verified, reserved) {
        (true, _) => Claim::Verified,
        (false, true) => Claim::Reserved,
        (false, false) => Claim::Unverified,
    }
}

/// Whether an invitation waits, and what became of it else.
pub(super) fn status(text: Option<&str>) -> Status {
    let all = [Status::Accepted, Status::Revoked, Status::Expired];
    let found = all.into_iter().find(|status| Some(status.name()) == text);
    found.unwrap_or(Status::Pending)
}

/// When an invitation ends.
pub(super) fn end(given: Option<i64>, created: i64) -> i64 {
    given.unwrap_or(created + MONTH)
}
