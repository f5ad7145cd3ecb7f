//! The client's models against the official specification: every field of every response is known, with a type that fits.

use clerk_api::declare::Endpoint;
use clerk_api::list::List;
use clerk_api::model::DeletedObject;
use clerk_api::ops::{
    actor_tokens, allowlist, application_invitations, blocklist, domains, email_addresses,
    instance, invitations, jwt_templates, memberships, organizations, permissions, phone_numbers,
    redirect_urls, role_sets, roles, sessions, sign_in_tokens, testing_tokens, users, waitlist,
};
use clerk_api_contract::Judge;
use serde_json::Value;

use crate::judge_official::official;
use crate::sample::answer;

/// More than the longest list of alternatives in any response, so that each of them comes up.
const VARIANTS: usize = 12;

/// Reads every variant of an operation's response; returns what its type does not know, as debug text.
fn unknown<E: Endpoint>(judge: &Judge) -> Vec<String>
where
    E::Output: std::fmt::Debug,
{
    let mut found = Vec::new();
    for variant in 0..VARIANTS {
        let answer = answer(judge.spec(), E::META.spec_id, variant);
        let id = E::META.name;
        match serde_json::from_value::<E::Output>(answer.clone()) {
            Err(error) => found.push(format!("{id} {variant}: {error} in {answer}")),
            Ok(read) => {
                let shown = format!("{read:?}");
                // A row that failed is inside the list, as an error.
                found.extend(shown.contains("Err(").then(|| format!("{id}: {shown}")));
                found.extend(extras(&shown).map(|extra| format!("{id} {variant}: {extra}")));
            }
        }
    }
    found
}

/// The fields that landed in some `extra`, by the debug text, where an empty one is `extra: {}`.
fn extras(shown: &str) -> impl Iterator<Item = &str> {
    let after = shown.split("extra: {").skip(1);
    after
        .filter(|rest| !rest.starts_with('}'))
        .map(|rest| rest.split_inclusive(':').next().unwrap_or(rest))
}

macro_rules! all_known {
    ($judge:expr; $($endpoint:path),+ $(,)?) => {{
        let mut found = Vec::new();
        $(found.extend(unknown::<$endpoint>($judge));)+
        found
    }};
}

#[test]
fn users_hold_every_field_of_the_specification() {
    let Some(judge) = official() else { return };
    let found = all_known!(judge;
        users::GetUser, users::ListUsers, users::CountUsers, users::DeleteUser,
        users::ListUserMemberships, users::ListUserInvitations,
        users::ListUserOauthAccessTokens, users::ListUserTrustedDevices,
        users::RevokeUserTrustedDevice, users::VerifyUserTotp,
        users::VerifyUserPassword, users::DisableUserMfa,
        users::GetUserSubscription, users::GetUserCredits,
        users::AdjustUserCredits,
        users::ReplaceUserEmailAddress, users::ReplaceUserPhoneNumber,
        email_addresses::GetEmailAddress, email_addresses::PrepareEmailVerification,
        waitlist::ListWaitlist, waitlist::BulkAddToWaitlist, waitlist::InviteFromWaitlist,
        allowlist::ListAllowlist, allowlist::AddToAllowlist,
        blocklist::ListBlocklist, blocklist::AddToBlocklist, blocklist::RemoveFromBlocklist,
        instance::GetInstance, instance::UpdateInstanceRestrictions,
        instance::GetOrganizationSettings, instance::GetInstanceProtect,
        instance::GetInstanceCommunication, instance::GetOauthSettings,
        phone_numbers::GetPhoneNumber, phone_numbers::AttemptPhoneVerification,
    );
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn organizations_and_invitations_hold_every_field_of_the_specification() {
    let Some(judge) = official() else { return };
    let found = all_known!(judge;
        organizations::GetOrganization, organizations::ListOrganizations,
        organizations::SetOrganizationLogo, organizations::DeleteOrganization,
        organizations::ListOrganizationMembers,
        organizations::RemoveOrganizationMember, memberships::ListMemberships,
        invitations::GetInvitation, invitations::ListInvitations, invitations::ListAllInvitations,
        invitations::BulkCreateInvitations, application_invitations::ListApplicationInvitations,
        application_invitations::RevokeApplicationInvitation,
        application_invitations::BulkCreateApplicationInvitations,
        roles::ListRoles, roles::GetRole, roles::DeleteRole,
        permissions::ListPermissions, permissions::GetPermission,
        domains::ListDomains, domains::VerifyDomain, domains::DeleteDomain,
        role_sets::ListRoleSets, role_sets::GetRoleSet, role_sets::ReplaceRoleSet,
    );
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn sessions_hold_every_field_of_the_specification() {
    let Some(judge) = official() else { return };
    let found = all_known!(judge;
        sessions::GetSession, sessions::ListSessions, sessions::CreateSessionToken,
        sessions::RefreshSession, sign_in_tokens::CreateSignInToken,
        actor_tokens::CreateActorToken, testing_tokens::CreateTestingToken,
        jwt_templates::ListJwtTemplates, redirect_urls::ListRedirectUrls,
    );
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_answer_of_every_operation_is_read() {
    let Some(judge) = official() else { return };
    for op in clerk_api::ops::all() {
        let answer = answer(judge.spec(), op.meta.spec_id, 0).to_string();
        if let Err(error) = (op.check)(answer.as_bytes()) {
            panic!("{}: {error} in {answer}", op.meta.name);
        }
    }
}

#[test]
fn the_check_sees_unknown_fields_and_failed_rows() {
    let text = r#"{"object":"user","surprise":1}"#;
    let read: DeletedObject = serde_json::from_str(text).unwrap();
    let shown = format!("{read:?}");
    assert_eq!(extras(&shown).count(), 1, "{shown}");
    let list: List<DeletedObject> =
        serde_json::from_value(serde_json::from_str::<Value>("[{\"deleted\":\"yes\"}]").unwrap())
            .unwrap();
    assert!(format!("{list:?}").contains("Err("), "{list:?}");
}
