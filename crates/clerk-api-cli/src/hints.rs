//! What to do next: a hint for every everyday failure, with a command to run.

use clerk_api::{Error, ErrorKind};

/// The hints for a failed call, best first.
pub(crate) fn of(error: &Error) -> Vec<String> {
    let by_code = error.code().and_then(by_code);
    let general = general(error);
    let wait = error.retry_after.map(|wait| {
        format!(
            "the API wants {} s of rest first",
            wait.as_secs_f64().ceil()
        )
    });
    let texts = by_code.into_iter().chain(general).map(str::to_owned);
    texts.chain(wait).collect()
}

/// Hints for codes that say more than their status.
fn by_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "clerk_key_invalid" | "authorization_header_format_invalid" => {
            "copy the key again from the API keys page of Clerk's dashboard into CLERK_SECRET_KEY"
        }
        "form_identifier_exists" | "form_email_address_exists" | "form_phone_number_exists" => {
            "someone has it already: `clerk-api users get <E-MAIL, PHONE OR USERNAME>` shows who"
        }
        "organization_invitation_not_pending" => {
            "only pending invitations can be revoked: `clerk-api invitations list <ORGANIZATION_ID> --status pending`"
        }
        "organization_invitation_not_unique" | "duplicate_record" => {
            "a pending invitation is there already: `clerk-api invitations list <ORGANIZATION_ID> --status pending`"
        }
        "already_a_member_in_organization" => {
            "to change the role: `clerk-api organizations update-member <ORGANIZATION_ID> --user-id USER --role ROLE`"
        }
        "organization_role_not_found" | "form_param_value_invalid" => {
            "roles are written in full, such as org:admin or org:member"
        }
        "organization_slugs_disabled" => {
            "leave --slug out, or switch slugs on in the organization settings of Clerk's dashboard"
        }
        "organization_minimum_permissions_needed" | "at_least_one_admin_needed" => {
            "make someone else admin first: `clerk-api organizations update-member <ORGANIZATION_ID> --user-id USER --role org:admin`"
        }
        "organization_membership_quota_exceeded" => {
            "raise the limit: `clerk-api organizations update <ORGANIZATION_ID> --max-allowed-memberships N`"
        }
        "form_param_deprecated" => {
            "metadata has commands of its own: `clerk-api users update-metadata --help`"
        }
        _ => return None,
    })
}

/// Hints by what kind of failure it is.
fn general(error: &Error) -> Option<&'static str> {
    Some(match error.kind {
        ErrorKind::Argument => return None,
        ErrorKind::Host => {
            "`clerk-api doctor` shows where the URL comes from; other https hosts must be named as `hosts` in your configuration"
        }
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => {
            "check the network and the URL: `clerk-api doctor` shows it and where it comes from"
        }
        ErrorKind::OutcomeUnknown => {
            "look whether it happened before you run it again, with the matching list or get command"
        }
        ErrorKind::Conflict => {
            "something else holds the same name: look at it with the matching list command"
        }
        ErrorKind::UnexpectedRedirect => {
            "the URL is not the API's own: `clerk-api doctor` shows it and where it comes from"
        }
        ErrorKind::ResponseTooLarge => "ask for fewer rows with --limit",
        ErrorKind::BadAnswer => {
            "something between here and Clerk answered: `clerk-api doctor` shows the URL and the proxy"
        }
        ErrorKind::RateLimited => {
            "the rate limit is shared by everything that uses this instance: run it again after the wait"
        }
        _ => by_status(error.status?)?,
    })
}

fn by_status(status: u16) -> Option<&'static str> {
    Some(match status {
        400 => "--dry-run shows the request that is sent",
        401 => "the key was refused: `clerk-api doctor` shows where it comes from",
        402 => "this needs a feature or seats that the instance's Clerk plan does not have",
        403 => {
            "the instance does not allow this (a feature that is off, or a quota): see its settings in Clerk's dashboard; `clerk-api doctor` shows which instance it is"
        }
        404 => {
            "check the id and the instance: ids are case-sensitive; `clerk-api doctor` shows which instance the key belongs to"
        }
        409 => "something else is changing it at this moment: run it again in a few seconds",
        413 => "send less at once: metadata may have 8 KB, an image 10 MB",
        422 => {
            "a value is not valid: `--help` names what each flag takes, --dry-run shows the request"
        }
        429 => {
            "the rate limit is shared by everything that uses this instance: run it again after the wait"
        }
        500.. => "Clerk has trouble: https://status.clerk.com tells; run it again later",
        _ => return None,
    })
}
