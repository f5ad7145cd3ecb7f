//! `POST /users`.

use axum::extract::State;
use bytes::Bytes;

use super::rows::{self, Secrets};
use super::secret;
use super::wire::User;
use crate::app::{App, Shared};
use crate::http::body::{Body, Given, Unknown};
use crate::http::check;
use crate::http::error::ApiError;
use crate::http::problem::{self, Problem};
use crate::http::reply::Json;
use crate::resource::identifications::wire::{Claim, EmailAddress, PhoneNumber, Web3Wallet};
use crate::resource::identifier_lists::rows as listed;

pub(super) async fn create(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let mut body = Body::parse(&bytes)?;
    let mut user = User::new(app.new_id("user", now), now);
    let mut secrets = Secrets::default();
    identify(&app, &mut body, &mut user, now);
    describe(&mut body, &mut user);
    allow(&mut body, &mut user);
    secret::read(&app, &mut body, &mut user, &mut secrets, now);
    body.finish(Unknown::Refuse)?;
    user.draw_image(app.store.instance_id());
    let wire = serde_json::to_string(&user)?;
    let answer = wire.clone();
    let cap = app.limiter.user_cap();
    app.store
        .write_after_checks(move |tx| {
            rows::check_room(tx, cap)?;
            listed::check_sign_up(tx, &user)?;
            rows::insert(tx, &user, &wire, &secrets)
        })
        .await?;
    Ok(Json::raw(answer))
}

fn identify(app: &App, body: &mut Body<'_>, user: &mut User, now: i64) {
    let id = || app.new_id("idn", now);
    for (address, claim) in claimed(body, "email_address", check::email) {
        user.email_addresses
            .push(EmailAddress::new(id(), address, claim, now));
    }
    let phone = |param: &str, text: &str| check::phone(param, text).map(|()| text.to_owned());
    for (number, claim) in claimed(body, "phone_number", phone) {
        user.phone_numbers
            .push(PhoneNumber::new(id(), number, claim, now));
    }
    let wallets = body.texts("web3_wallet");
    for address in body.not_null("web3_wallet", wallets).unwrap_or_default() {
        if user
            .web3_wallets
            .iter()
            .any(|other| other.web3_wallet == address)
        {
            body.problem(problem::duplicate("web3_wallet"));
        }
        user.web3_wallets.push(Web3Wallet::new(id(), address, now));
    }
    if let Some(name) = body
        .text("username")
        .value()
        .filter(|name| !name.is_empty())
    {
        body.check(check::username("username", &name));
        user.username = Some(name);
    }
    user.primary_email_address_id = user.email_addresses.first().map(|email| email.id.clone());
    user.primary_phone_number_id = user.phone_numbers.first().map(|phone| phone.id.clone());
    user.primary_web3_wallet_id = user.web3_wallets.first().map(|wallet| wallet.id.clone());
    if user.username.is_none() && user.identifications().next().is_none() && body.is_good() {
        body.problem(problem::data_missing(&[
            "email_address",
            "phone_number",
            "web3_wallet",
            "username",
        ]));
    }
}

/// Reads a list of emails or phones and the list of their statuses beside it.
fn claimed(
    body: &mut Body<'_>,
    param: &str,
    check: impl Fn(&str, &str) -> Result<String, Problem>,
) -> Vec<(String, Claim)> {
    let values = body.texts(param);
    let values = body.not_null(param, values).unwrap_or_default();
    let status = format!("{param}_identification_status");
    let claims = body.texts(&status);
    let claims = body.not_null(&status, claims);
    if claims
        .as_ref()
        .is_some_and(|claims| claims.len() != values.len())
    {
        body.problem(problem::lengths_differ(&status, param));
    }
    let claims = claims.unwrap_or_default();
    let mut claimed: Vec<(String, Claim)> = Vec::new();
    for (place, value) in values.iter().enumerate() {
        let claim = match claims.get(place).map(String::as_str) {
            None => Claim::Verified,
            Some(text) => {
                let claim = Claim::parse(text).filter(|claim| *claim != Claim::Unverified);
                if claim.is_none() {
                    body.problem(problem::value_invalid(&status, text));
                }
                claim.unwrap_or_default()
            }
        };
        match check(param, value) {
            Ok(value) if claimed.iter().any(|(other, _)| *other == value) => {
                body.problem(problem::duplicate(param));
            }
            Ok(value) => claimed.push((value, claim)),
            Err(problem) => body.problem(problem),
        }
    }
    claimed
}

/// What the user is called and what is known of them; also used by the update.
pub(super) fn describe(body: &mut Body<'_>, user: &mut User) {
    for (param, slot) in [
        ("first_name", &mut user.first_name),
        ("last_name", &mut user.last_name),
    ] {
        let given = body.text(param);
        if let Given::Value(text) = &given {
            body.check(check::length(param, text, check::NAME));
        }
        given.apply(slot);
    }
    body.text("external_id").apply(&mut user.external_id);
    let locale = body.text("locale");
    if let Given::Value(text) = &locale {
        body.check(check::locale("locale", text));
    }
    locale.apply(&mut user.locale);
    body.instant("legal_accepted_at")
        .apply(&mut user.legal_accepted_at);
    if let Given::Value(millis) = body.instant("created_at") {
        user.created_at = millis;
    }
    if let Given::Value(flag) = body.flag("delete_self_enabled") {
        user.delete_self_enabled = flag;
    }
    if let Given::Value(flag) = body.flag("create_organization_enabled") {
        user.create_organization_enabled = flag;
    }
    let limit = body.whole("create_organizations_limit");
    if matches!(limit, Given::Value(number) if number < 0) {
        body.problem(problem::value_invalid(
            "create_organizations_limit",
            "A negative number",
        ));
    }
    limit.apply(&mut user.create_organizations_limit);
    if let Given::Value(flag) = body.flag("bypass_client_trust") {
        user.bypass_client_trust = flag;
    }
    body.flag("skip_legal_checks");
}

/// What only creation takes.
fn allow(body: &mut Body<'_>, user: &mut User) {
    user.banned = body.flag("banned").value().unwrap_or(false);
    user.locked = body.flag("locked").value().unwrap_or(false);
    for (param, slot) in [
        ("public_metadata", &mut user.public_metadata),
        ("private_metadata", &mut user.private_metadata),
        ("unsafe_metadata", &mut user.unsafe_metadata),
    ] {
        let given = body.metadata(param);
        if let Some(text) = body.not_null(param, given) {
            *slot = text;
        }
    }
    for skip in ["skip_password_requirement", "skip_user_requirement"] {
        body.flag(skip);
    }
}
