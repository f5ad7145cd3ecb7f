//! Users with their addresses and numbers, and invitations to the application.

use std::borrow::Cow;

use clerk_api::time::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::Refusal;
use super::shape::{Text, Verification, is_verified, json, text};
use crate::export::address::{domain, normalized};
use crate::export::table::{EmailAddress, Invitation, Json, PhoneNumber, Record as _, Rows, User};

#[derive(Deserialize)]
struct UserObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    external_id: Option<Text<'a>>,
    username: Option<Text<'a>>,
    first_name: Option<Text<'a>>,
    last_name: Option<Text<'a>>,
    primary_email_address_id: Option<Text<'a>>,
    primary_phone_number_id: Option<Text<'a>>,
    primary_web3_wallet_id: Option<Text<'a>>,
    email_addresses: Option<Vec<EmailObject<'a>>>,
    phone_numbers: Option<Vec<PhoneObject<'a>>>,
    web3_wallets: Option<Vec<WalletObject<'a>>>,
    passkeys: Option<Vec<IgnoredAny>>,
    external_accounts: Option<Vec<AccountObject<'a>>>,
    locale: Option<Text<'a>>,
    image_url: Option<Text<'a>>,
    has_image: Option<bool>,
    password_enabled: Option<bool>,
    two_factor_enabled: Option<bool>,
    totp_enabled: Option<bool>,
    backup_code_enabled: Option<bool>,
    banned: Option<bool>,
    locked: Option<bool>,
    deprovisioned: Option<bool>,
    delete_self_enabled: Option<bool>,
    create_organization_enabled: Option<bool>,
    create_organizations_limit: Option<i64>,
    mfa_enabled_at: Option<Timestamp>,
    mfa_disabled_at: Option<Timestamp>,
    password_last_updated_at: Option<Timestamp>,
    legal_accepted_at: Option<Timestamp>,
    last_sign_in_at: Option<Timestamp>,
    last_active_at: Option<Timestamp>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    #[serde(borrow)]
    public_metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    private_metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    unsafe_metadata: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct EmailObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    email_address: Option<Text<'a>>,
    verification: Option<Verification<'a>>,
    reserved: Option<bool>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct PhoneObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    phone_number: Option<Text<'a>>,
    verification: Option<Verification<'a>>,
    reserved: Option<bool>,
    reserved_for_second_factor: Option<bool>,
    default_second_factor: Option<bool>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct WalletObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    web3_wallet: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct AccountObject<'a> {
    #[serde(borrow)]
    provider: Option<Text<'a>>,
}

pub(super) fn user(object: &str, to: &mut dyn Rows) -> Result<(), Refusal> {
    let user: UserObject<'_> = serde_json::from_str(object)?;
    let id = user.id.0;
    let primary = user.primary_email_address_id;
    let mut address = (None, None);
    for email in user.email_addresses.unwrap_or_default() {
        let is_primary = is(primary.as_ref(), &email.id);
        let verified = is_verified(email.verification.as_ref());
        give_email(&email, &id, is_primary, verified, to)?;
        if is_primary {
            address = (text(email.email_address), Some(verified));
        }
    }
    let primary = user.primary_phone_number_id;
    let mut number = None;
    for phone in user.phone_numbers.unwrap_or_default() {
        let is_primary = is(primary.as_ref(), &phone.id);
        give_phone(&phone, &id, is_primary, to)?;
        if is_primary {
            number = text(phone.phone_number);
        }
    }
    let primary = user.primary_web3_wallet_id;
    let wallets = user.web3_wallets.unwrap_or_default();
    let wallet = wallets
        .into_iter()
        .find(|wallet| is(primary.as_ref(), &wallet.id));
    let (first_name, last_name) = (text(user.first_name), text(user.last_name));
    let row = User {
        name: full_name(first_name.as_deref(), last_name.as_deref()),
        external_id: text(user.external_id),
        username: text(user.username),
        first_name,
        last_name,
        primary_email_address: address.0,
        primary_email_verified: address.1,
        primary_phone_number: number,
        primary_web3_wallet: wallet.and_then(|wallet| text(wallet.web3_wallet)),
        locale: text(user.locale),
        image_url: text(user.image_url),
        has_image: user.has_image,
        password_enabled: user.password_enabled,
        two_factor_enabled: user.two_factor_enabled,
        totp_enabled: user.totp_enabled,
        backup_code_enabled: user.backup_code_enabled,
        passkeys_count: user
            .passkeys
            .and_then(|keys| i64::try_from(keys.len()).ok()),
        external_account_providers: user.external_accounts.map(|all| providers(&all)),
        banned: user.banned,
        locked: user.locked,
        deprovisioned: user.deprovisioned,
        delete_self_enabled: user.delete_self_enabled,
        create_organization_enabled: user.create_organization_enabled,
        create_organizations_limit: user.create_organizations_limit,
        mfa_enabled_at: user.mfa_enabled_at,
        mfa_disabled_at: user.mfa_disabled_at,
        password_last_updated_at: user.password_last_updated_at,
        legal_accepted_at: user.legal_accepted_at,
        last_sign_in_at: user.last_sign_in_at,
        last_active_at: user.last_active_at,
        created_at: user.created_at,
        updated_at: user.updated_at,
        public_metadata: json(user.public_metadata),
        private_metadata: json(user.private_metadata),
        unsafe_metadata: json(user.unsafe_metadata),
        id: Some(id),
    };
    Ok(row.give(to)?)
}

fn is(primary: Option<&Text<'_>>, id: &Text<'_>) -> bool {
    primary.is_some_and(|primary| primary.0 == id.0)
}

fn give_email(
    email: &EmailObject<'_>,
    user: &str,
    is_primary: bool,
    verified: bool,
    to: &mut dyn Rows,
) -> Result<(), Refusal> {
    let address = email.email_address.as_ref().map(|address| &*address.0);
    let row = EmailAddress {
        id: Some(Cow::Borrowed(&email.id.0)),
        user_id: Some(Cow::Borrowed(user)),
        email_address: address.map(Cow::Borrowed),
        is_primary: Some(is_primary),
        verified: Some(verified),
        reserved: email.reserved,
        domain: address.and_then(domain).map(Cow::Owned),
        normalized_address: address.map(normalized).map(Cow::Owned),
        created_at: email.created_at,
        updated_at: email.updated_at,
    };
    Ok(row.give(to)?)
}

fn give_phone(
    phone: &PhoneObject<'_>,
    user: &str,
    is_primary: bool,
    to: &mut dyn Rows,
) -> Result<(), Refusal> {
    let number = phone.phone_number.as_ref().map(|number| &*number.0);
    let row = PhoneNumber {
        id: Some(Cow::Borrowed(&phone.id.0)),
        user_id: Some(Cow::Borrowed(user)),
        phone_number: number.map(Cow::Borrowed),
        is_primary: Some(is_primary),
        verified: Some(is_verified(phone.verification.as_ref())),
        reserved: phone.reserved,
        reserved_for_second_factor: phone.reserved_for_second_factor,
        default_second_factor: phone.default_second_factor,
        created_at: phone.created_at,
        updated_at: phone.updated_at,
    };
    Ok(row.give(to)?)
}

fn full_name(first: Option<&str>, last: Option<&str>) -> Option<Cow<'static, str>> {
    let filled = |name: Option<&str>| name.filter(|name| !name.is_empty()).map(str::to_owned);
    match (filled(first), filled(last)) {
        (Some(first), Some(last)) => Some(format!("{first} {last}").into()),
        (first, last) => first.or(last).map(Cow::Owned),
    }
}

/// Most users have none.
fn providers(accounts: &[AccountObject<'_>]) -> Json<'static> {
    if accounts.is_empty() {
        return Json("[]".into());
    }
    let names = accounts
        .iter()
        .filter_map(|account| account.provider.as_ref());
    let names: Vec<&str> = names.map(|name| &*name.0).collect();
    Json(serde_json::json!(names).to_string().into())
}

#[derive(Deserialize)]
struct InvitationObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    email_address: Option<Text<'a>>,
    status: Option<Text<'a>>,
    revoked: Option<bool>,
    url: Option<Text<'a>>,
    expires_at: Option<Timestamp>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    #[serde(borrow)]
    public_metadata: Option<&'a RawValue>,
}

pub(super) fn invitation(object: &str, urls: bool, to: &mut dyn Rows) -> Result<(), Refusal> {
    let invitation: InvitationObject<'_> = serde_json::from_str(object)?;
    let address = text(invitation.email_address);
    let row = Invitation {
        id: Some(invitation.id.0),
        normalized_address: address.as_deref().map(normalized).map(Cow::Owned),
        domain: address.as_deref().and_then(domain).map(Cow::Owned),
        email_address: address,
        status: text(invitation.status),
        revoked: invitation.revoked,
        url: text(invitation.url).filter(|_| urls),
        expires_at: invitation.expires_at,
        created_at: invitation.created_at,
        updated_at: invitation.updated_at,
        public_metadata: json(invitation.public_metadata),
    };
    Ok(row.give(to)?)
}
