//! Answers are read as they come: unknown, missing, null, huge.

use serde_json::{Value, json};

use super::{
    CreditBalance, Invitation, InvitationStatus, Membership, OauthAccessToken, Organization,
    Subscription, User, VerificationStatus,
};

/// Reads a model and writes it again.
fn round_trip<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) -> String {
    serde_json::to_string(&serde_json::from_str::<T>(text).unwrap()).unwrap()
}

/// A user with something in every nested object, numbers of every size, and fields nobody knows.
const USER: &str = r#"{"id":"user_1","object":"user","primary_email_address_id":"idn_2","first_name":"Ann",
    "public_metadata":{"z":1,"a":123456789012345678901234567890,"half":0.5,"deep":{"y":[1,{"x":18446744073709551615}]}},
    "email_addresses":[
        {"id":"idn_1","email_address":"old@example.com","verification":null,"linked_to":[]},
        {"id":"idn_2","email_address":"ann@example.com","created_at":1700000000123,"new_number":7,
         "verification":{"status":"verified","strategy":"email_code","attempts":1,"expire_at":1700000000456},
         "linked_to":[{"type":"oauth_google","id":"eac_1"}]}],
    "external_accounts":[{"id":"eac_1","provider":"oauth_google","created_at":1700000000789,"verification":{"status":"sparkling","attempts":-1}}],
    "lockout_expires_in_seconds":-1,"verification_attempts_remaining":100,"created_at":1700000000123,
    "organization_memberships":[{"id":"orgmem_1","created_at":5,"organization":{"id":"org_1","members_count":18446744073709551615}}],
    "zeta":18446744073709551616,"alpha":{"b":[1.50,null],"a":-9223372036854775809}}"#;

#[test]
fn typed_numbers_are_read_beside_unknown_fields() {
    let user: User = serde_json::from_str(USER).unwrap();
    assert_eq!(user.created_at.unwrap().as_millis(), 1_700_000_000_123);
    assert_eq!(user.lockout_expires_in_seconds, Some(-1));
    let addresses = user.email_addresses.as_deref().unwrap();
    assert!(addresses[0].verification.is_none());
    let verification = addresses[1].verification.as_ref().unwrap();
    assert_eq!(verification.attempts, Some(1));
    assert_eq!(verification.status, Some(VerificationStatus::Verified));
    assert_eq!(addresses[1].extra["new_number"], json!(7));
    let membership = &user.organization_memberships.as_deref().unwrap()[0];
    let organization = membership.organization.as_ref().unwrap();
    assert_eq!(organization.members_count, Some(u64::MAX));
    assert_eq!(user.primary_email_address(), Some("ann@example.com"));
    assert_eq!(user.primary_phone_number(), None);
}

#[test]
fn reliability_2_10_unknown_fields_words_big_numbers_and_key_order_survive_a_round_trip() {
    let text = round_trip::<User>(USER);
    for part in [
        r#""z":1,"a":123456789012345678901234567890,"half":0.5,"deep":{"y":[1,{"x":18446744073709551615}]}"#,
        r#""zeta":18446744073709551616,"alpha":{"b":[1.50,null],"a":-9223372036854775809}"#,
        r#""status":"sparkling""#,
        r#""type":"oauth_google""#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(
        text,
        round_trip::<User>(&text),
        "a second trip changes nothing"
    );
    let (mut before, after): (Value, Value) = (
        serde_json::from_str(USER).unwrap(),
        serde_json::from_str(&text).unwrap(),
    );
    // Null and absent are one to a model: nothing else may differ.
    before["email_addresses"][0]
        .as_object_mut()
        .unwrap()
        .shift_remove("verification");
    assert_eq!(before, after);
}

#[test]
fn models_are_read_from_values_too() {
    let user: User = serde_json::from_value(serde_json::from_str(USER).unwrap()).unwrap();
    assert_eq!(
        serde_json::to_string(&user).unwrap(),
        round_trip::<User>(USER)
    );
}

#[test]
fn null_and_absent_never_fail_but_for_ids() {
    let user: User = serde_json::from_str(
        r#"{"id":"user_1","email_addresses":null,"public_metadata":null,"scim":null,"created_at":null}"#,
    )
    .unwrap();
    assert_eq!(user.id.as_str(), "user_1");
    assert!(user.public_metadata.is_none());
    let organization: Organization = serde_json::from_str(
        r#"{"id":"org_1","slug":null,"created_by":null,"members_count":null}"#,
    )
    .unwrap();
    assert!(organization.slug.is_none());
    let membership: Membership = serde_json::from_str(
        r#"{"id":"orgmem_1","permissions":null,"public_user_data":{"user_id":"user_1","identifier":null}}"#,
    )
    .unwrap();
    assert!(membership.permissions.is_none());
    for without in ["{}", r#"{"id":null}"#, r#"{"first_name":"Ada"}"#] {
        assert!(serde_json::from_str::<User>(without).is_err(), "{without}");
    }
}

#[test]
fn a_row_without_an_id_does_not_take_the_others_away() {
    let list: crate::list::List<User> =
        serde_json::from_str(r#"[{"id":"user_1"},{"first_name":"Ada"},{"id":"user_3"}]"#).unwrap();
    let read: Vec<bool> = list.rows.iter().map(Result::is_ok).collect();
    assert_eq!(read, [true, false, true]);
}

#[test]
fn an_unknown_state_is_kept() {
    let invitation: Invitation =
        serde_json::from_str(r#"{"id":"inv_1","status":"forgotten"}"#).unwrap();
    assert_eq!(
        invitation.status,
        Some(InvitationStatus::Other("forgotten".into()))
    );
    assert_eq!(
        round_trip::<Invitation>(r#"{"id":"inv_1","status":"forgotten"}"#),
        r#"{"id":"inv_1","status":"forgotten"}"#
    );
}

#[test]
fn reliability_7_6_tokens_and_links_are_not_in_debug_output_but_can_be_had() {
    let token: OauthAccessToken =
        serde_json::from_str(r#"{"token":"ya29.x","id_token":"eyJ.y"}"#).unwrap();
    let invitation: Invitation =
        serde_json::from_str(r#"{"id":"inv_1","url":"https://a.example/?ticket=T"}"#).unwrap();
    let shown = format!("{token:?} {invitation:?}");
    for secret in ["ya29", "eyJ", "ticket"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(token.token.unwrap().reveal(), "ya29.x");
}

#[test]
fn money_is_read_at_any_depth() {
    let subscription: Subscription = serde_json::from_str(
        r#"{"id":"csub_1","subscription_items":[{"id":"csi_1","plan":{"id":"cplan_1","fee":{"amount":4900,"currency":"USD"}},"totals":{"rate":0.250}}],"next_payment":{"date":1,"amount":{"amount":-1}}}"#,
    )
    .unwrap();
    let item = &subscription.subscription_items.as_deref().unwrap()[0];
    let fee = item.plan.as_ref().unwrap().fee.as_ref().unwrap();
    assert_eq!(fee.amount, Some(4900));
    let balance: CreditBalance = serde_json::from_str(r#"{"balance":null}"#).unwrap();
    assert!(balance.balance.is_none());
    assert_eq!(
        subscription.next_payment.unwrap().amount.unwrap().amount,
        Some(-1)
    );
}
